// The beginning of a port: the model, the prompt and n of two models. Everything it says, it reads from data/.
import { readFileSync } from "node:fs";

const load = (path) => JSON.parse(readFileSync(new URL(`../../../data/${path}`, import.meta.url), "utf8"));
const rows = Object.fromEntries(load("rules.json").rules.map((row) => [row.id, row]));
const { expected } = load("rules.json");
const { ids } = load("known-ids.json");
const models = Object.fromEntries(["gpt-image-2-official", "gpt-image-2"].map((id) => [id, load(`models/${id}.json`)]));
const CERTAINTIES = ["documented", "inferred", "unspecified"];

// What a body gets: only the parts that this port can say so far.
export function report(body, options = {}) {
  const given = isAbsent(body.model) || body.model === "" ? (options.default_model ?? body.model) : body.model;
  const errors = [...modelErrors(given)];
  const model = errors.length === 0 ? models[given] : undefined; // of other ids nothing is checked
  if (model) errors.push(...promptErrors(body.prompt, model), ...countErrors(body.n, model));
  return { errors };
}

function* modelErrors(model) {
  if (isAbsent(model) || model === "") yield finding("model", "required", model);
  else if (typeof model !== "string") yield finding("model", "type", model);
  else if (!Object.hasOwn(ids, model)) yield finding("model", "unknown", model);
}

function* promptErrors(prompt, model) {
  const maximum = model.fields.prompt.max_length;
  if (isAbsent(prompt) || prompt === "") yield finding("prompt", "required", prompt, model);
  else if (typeof prompt !== "string") yield finding("prompt", "type", prompt, model);
  else if ([...prompt].length > maximum) yield finding("prompt", "max_length", prompt, model, { maximum }); // code points
}

function* countErrors(n, model) {
  const { minimum, maximum } = model.fields.n;
  if (isAbsent(n)) return;
  if (!Number.isInteger(n)) yield finding("n", "type", n, model);
  else if (n < minimum || n > maximum) yield finding("n", "range", n, model, { minimum, maximum }, minimum === maximum && "fixed");
}

// A finding: the row of data/rules.json and what it says otherwise of the kind, the field and the value, never surer
// than the model's file is.
function finding(field, check, value, model, params = {}, variant = "") {
  const row = rows[`${field}.${check}`] ?? rows[`<field>.${check}`];
  const { kind } = model?.fields[field] ?? {};
  const { level, code, certainty, message } = { ...row, ...row.but?.[kind], ...row.but?.[field], ...row.variants?.[variant] };
  const sure = Math.max(CERTAINTIES.indexOf(certainty), CERTAINTIES.indexOf(model?.certainty_at_most ?? "documented"));
  const known = { field, expected: expected[kind], allowed: Object.keys(models).join(", "), value, ...params };
  return {
    rule: `${field}.${check}`, level, code, field, pointer: `/${field}`, value: shown(value), certainty: CERTAINTIES[sure],
    message: message.replace(/\{(\w+)\}/g, (_, name) => known[name]),
  };
}

const isAbsent = (value) => value === undefined || value === null;
const shown = (value) => (Array.isArray(value) ? "array" : typeof value === "object" && value ? "object" : (value ?? null));
