// From the errors of ajv to those of reapi_rules: of each pointer the rule whose schema path comes first in the map.

export function ruleErrors(errors, map) {
  const order = Object.keys(map.paths);
  const found = new Map();
  for (const { schemaPath, instancePath } of errors ?? []) {
    const rank = order.indexOf(schemaPath);
    if (rank < 0) continue; // ajv's own remark on an "if", which says nothing new
    const { rule, code, pointer } = map.paths[schemaPath];
    const place = pointer ?? instancePath;
    if (!(found.get(place)?.rank <= rank)) found.set(place, { rank, rule, code, pointer: place });
  }
  return [...found.values()].sort((one, other) => one.rank - other.rank).map(({ rule, code, pointer }) => ({ rule, code, pointer }));
}
