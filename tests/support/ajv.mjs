// Reads a schema and then one JSON value a line; answers each with the list of ajv's errors, one line a value.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.argv[2]);
const options = { strict: true, strictTypes: true, strictTuples: true, strictRequired: true, allErrors: true };
let validate;
for await (const line of createInterface({ input: process.stdin })) {
  if (!validate) {
    const schema = JSON.parse(line);
    const Ajv = require(schema.$schema.includes("draft-07") ? "ajv" : "ajv/dist/2020").default;
    validate = new Ajv(options).compile(schema);
    continue;
  }
  const valid = validate(JSON.parse(line));
  const errors = valid ? [] : validate.errors.filter((error) => error.keyword !== "if");
  console.log(JSON.stringify(errors.map((error) => [error.schemaPath, error.instancePath])));
}
