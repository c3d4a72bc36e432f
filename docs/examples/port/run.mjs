// Runs tests/vectors against port.mjs: node run.mjs [FILE ...] --parts errors,quote
// Exits with 1 where a case differs.
import { readFileSync } from "node:fs";
import { report } from "./port.mjs";

const words = process.argv.slice(2);
const at = words.indexOf("--parts");
const parts = at < 0 ? ["errors"] : words.splice(at, 2)[1].split(",");
let failures = 0;

for (const name of words) {
  const { cases } = JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}.json`, import.meta.url), "utf8"));
  const failed = cases.filter((each) => !passes(each));
  failures += failed.length;
  console.log(`${name}: ${cases.length - failed.length} of ${cases.length}`);
  for (const { description } of failed) console.log(`  not yet: ${description}`);
}
process.exit(failures ? 1 : 0);

// Each part that is asked for; lists of findings are complete and in order, and of a finding the listed keys count.
function passes({ body, text, options, expect }) {
  const actual = report(text === undefined ? body : JSON.parse(text), options);
  return parts.every((part) => part in actual && (!(part in expect) || holds(actual[part], expect[part])));
}

function holds(actual, expected) {
  if (Array.isArray(expected)) {
    return expected.length === actual?.length && expected.every((each, index) => holds(actual[index], each));
  }
  if (expected === null || typeof expected !== "object") return actual === expected;
  return actual !== null && Object.keys(expected).every((key) => holds(actual[key], expected[key]));
}
