// What choices.json says of one choice: an object of words and numbers by field. No page here, so it runs anywhere.

export function modelOf(choices, id) {
  return choices.models.find((model) => model.id === id);
}

// Credits in whole numbers: no price is a fraction, and the ceiling is taken once. Null where a price is not known.
export function credits(choices, model, choice) {
  const { fields, images, n, rows, not_published_when } = model.price;
  const row = rows.find(({ words }) => words.every((word, at) => word === (choice[fields[at]] ?? null)));
  if (row?.units == null || isMirrored(model, choice)) return null;
  if (not_published_when.some((all) => Object.entries(all).every(([name, each]) => holds(each, choice[name])))) return null;
  const units = row.units * (choice[images] ?? n);
  const rest = units % choices.units_per_credit;
  return (units - rest) / choices.units_per_credit + (rest > 0 ? 1 : 0);
}

export function pixels(model, choice) {
  const { tier, shape } = model.roles;
  return model.pixels[choice[tier]]?.[choice[shape]] ?? null;
}

// The size to show when the resolution was chosen last and does not take the present one.
export function sizeAt(model, resolution, size) {
  return model.reset[resolution]?.[size]?.size ?? size;
}

// A size that is left out follows the first reference image, whatever that costs.
function isMirrored(model, choice) {
  const { shape } = model.roles;
  const mirrors = model.price.fields.includes(shape) && !choice[shape] && model.fields[shape].mirrors;
  return Boolean(mirrors && choice[mirrors]?.length);
}

function holds({ is, is_not, given, at_most }, value = null) {
  if (given !== undefined && given !== (value !== null && value !== "")) return false;
  return (!is || is.includes(value)) && !is_not?.includes(value) && !(value > (at_most ?? value));
}
