// The calculator on the front page: the engine itself, as docs/in-the-browser.md describes it.
import { preflight } from "./reapi-rules.mjs";
import data from "./reapi-rules.data.mjs";

const ROLES = ["shape", "tier", "quality", "number"];
const section = document.querySelector("section#try-it");

const create = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const select = (name, words, value) => {
  const box = create("select", { name }, ...words.map((word) => new Option(word, word)));
  box.value = value ?? words[0];
  return box;
};
const labelled = (text, control) => create("label", {}, text, control);

function controls(id) {
  return Object.entries(data.models.find((model) => model.id === id).fields)
    .filter(([, field]) => ROLES.includes(field.role))
    .map(([name, field]) => {
      const counts = Array.from({ length: (field.maximum ?? 1) - (field.minimum ?? 1) + 1 }, (_, at) => String(at + 1));
      return labelled(name, select(name, field.words ?? counts, String(field.default ?? "")));
    });
}

function answer(form) {
  const body = { prompt: "a picture" };
  for (const [name, value] of new FormData(form)) body[name] = /^\d+$/.test(value) ? Number(value) : value;
  const { errors, warnings, quote, dimensions } = preflight(body);
  if (errors.length) return ["Rejected", ...errors.flatMap(({ message, hint }) => [message, hint && `Fix: ${hint}`])];
  const { credits, credits_low: least, usd } = quote;
  const price = credits === null ? "no price" : `${least === credits ? "" : `${least} to `}${credits} credits (${usd} USD)`;
  const size = dimensions?.width ? `${dimensions.width} × ${dimensions.height} pixels` : "pixels not known";
  const money = warnings.filter(({ rule }) => /\.auto_(bills_high|price)$/.test(rule));
  return [`${price}, ${size}`, ...money.flatMap(({ message, hint }) => [message, hint])];
}

if (section) {
  const rest = create("span", { className: "fields" });
  const model = select("model", data.models.map(({ id }) => id), data.default_model);
  const form = create("form", { className: "calculator" }, labelled("model", model), rest);
  const output = create("output", {});
  const show = () => output.replaceChildren(...answer(form).filter(Boolean).map((text) => create("p", { textContent: text })));
  const choose = () => rest.replaceChildren(...controls(model.value));
  model.addEventListener("change", choose);
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  section.append(form, output);
  choose();
  show();
}
