// What programs make of the schemas: one line each, as JSON. Run by generators.py in a folder that has them.
import fs from "node:fs";
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const schemas = Object.fromEntries(["2020-12", "draft-07"].map((name) => [name, JSON.parse(fs.readFileSync(`${name}.json`, "utf8"))]));
const GOOD = { model: "gpt-image-2-official", prompt: "a fox", n: 2 };
const BAD = { ...GOOD, n: 9 };
const fields = Object.keys(schemas["2020-12"].properties);
const binary = (name, ...words) => execFileSync(process.execPath, [require.resolve(name), ...words], { encoding: "utf8" });
const named = (text) => fields.filter((name) => text.includes(name)).length;
const refused = (error) => `refuses it: ${String(error.message).split("\n")[0].slice(0, 90)}`;

const TRIALS = {
  "json-schema-to-typescript": async (schema) => {
    const made = await require("json-schema-to-typescript").compile(schema, "Request");
    const untyped = /export interface Fields {[^}]*\?: unknown;/.test(made) ? ", some untyped" : ", all typed";
    return `${named(made)} of ${fields.length} fields${untyped}`;
  },
  quicktype: (_, dialect) => {
    const made = binary("quicktype/dist/index.js", "-s", "schema", `${dialect}.json`, "--lang", "ts", "--just-types");
    return `${named(made)} of ${fields.length} fields, ${made.match(/\?: +unknown;/g)?.length ?? 0} untyped`;
  },
  "json-schema-to-zod": (schema) => {
    const made = require("json-schema-to-zod").jsonSchemaToZod(schema);
    return `${named(made)} of ${fields.length} fields, ${made.match(/\.describe\(/g)?.length ?? 0} described`;
  },
  zod: (schema) => `takes a request: ${require("zod").z.fromJSONSchema(schema).safeParse(GOOD).success}`,
  rjsf: (schema) => {
    const React = require("react");
    const { renderToStaticMarkup } = require("react-dom/server");
    const validator = require("@rjsf/validator-ajv8").default;
    const [good, bad] = [GOOD, BAD].map((body) => validator.validateFormData(body, schema).errors.map(({ property }) => property));
    const right = good.length === 0 && bad.includes(".n") ? "judges rightly" : "can't judge by it";
    const page = renderToStaticMarkup(React.createElement(require("@rjsf/core").default, { schema, validator, formData: GOOD }));
    return `${fields.filter((name) => page.includes(`root_${name}`)).length} of ${fields.length} fields shown, ${right}`;
  },
  "JSON Forms": (schema) => {
    const { Generate, createAjv } = require("@jsonforms/core");
    const whole = Generate.uiSchema(schema).elements.length;
    const parts = Generate.uiSchema({ type: "object", properties: schema.properties }).elements.length;
    const validate = createAjv().compile(schema);
    const right = validate(GOOD) && !validate(BAD) ? "judges rightly" : "judges wrongly";
    return `${whole} control for the whole schema, ${parts} for its properties, ${right}`;
  },
  ajvResolver: async (schema) => {
    const { ajvResolver } = await import(pathToFileURL(require.resolve("@hookform/resolvers/ajv")));
    const resolve = ajvResolver(schema, { strict: true });
    const answers = await Promise.all([GOOD, BAD].map((body) => resolve(body, undefined, { fields: {} })));
    return `errors at ${JSON.stringify(answers.map(({ errors }) => Object.keys(errors).filter((name) => name !== "")))}`;
  },
};

console.error = console.warn = () => {}; // what programs say of a dialect that they don't know
for (const [program, trial] of Object.entries(TRIALS)) {
  for (const [dialect, schema] of Object.entries(schemas)) {
    let finding;
    try {
      finding = await trial(structuredClone(schema), dialect);
    } catch (error) {
      finding = refused(error);
    }
    console.log(JSON.stringify([program, dialect, finding]));
  }
}
