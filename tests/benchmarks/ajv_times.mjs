// Reads a schema and a value a line; answers each with the seconds that ajv takes to judge the value.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.argv[2]);
const Ajv = require("ajv/dist/2020").default;
const compiled = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const [schema, value] = JSON.parse(line);
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, new Ajv({ strict: false, allErrors: true }).compile(schema));
  const validate = compiled.get(key);
  const times = [];
  for (let round = 0; round < 4; round++) {
    const start = process.hrtime.bigint();
    validate(value);
    times.push(Number(process.hrtime.bigint() - start));
  }
  console.log(Math.min(...times) / 1e9); // the first one compiles
}
