// Judges one request a line with the module: a body as text or bytes, or axes; answers with texts, so that nothing is lost.
import { createInterface } from "node:readline";
import { Engine, InvalidRequestError } from "../../reapi_rules/web/reapi-rules.mjs";

const engines = new Map();

function engineFor(options) {
  const key = JSON.stringify(options);
  if (!engines.has(key)) {
    if (engines.size > 100) engines.clear();
    engines.set(key, new Engine(options));
  }
  return engines.get(key);
}

export function answer({ text, bytes, axes, options = {} }) {
  const engine = engineFor(options);
  if (axes) return JSON.stringify(priced(engine, axes));
  const report = engine.preflight(text ?? Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)));
  return JSON.stringify([report.toText(), report.in("zh").toText(), report.payloadText()]);
}

function priced(engine, axes) {
  try {
    return engine.quote(axes);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.report.errors;
    throw error;
  }
}

if (globalThis.process) {
  for await (const line of createInterface({ input: process.stdin })) console.log(answer(JSON.parse(line)));
}
