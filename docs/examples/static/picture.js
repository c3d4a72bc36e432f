// The page: a field for each of the model's, drop-downs that depend on each other, live credits, errors at the fields.
import { preflight } from "/reapi-rules/reapi-rules.mjs";

const language = (new URLSearchParams(location.search).get("lang") ?? navigator.language).startsWith("zh") ? "zh" : "en";
const texts = (await (await fetch("/static/texts.json")).json())[language];
const fill = (text, figures) => text.replace(/{(\w+)}/g, (_, name) => figures[name]);
const costOf = ({ basis, credits, credits_low: least }) => fill(texts.cost[basis], { credits, least });
const form = document.querySelector("form");
const field = (name) => form.elements[name];
const show = (id, text) => (document.getElementById(id).textContent = text);
const create = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const choices = await (await fetch("/choices.json")).json();
const modelOf = (id) => choices.models.find((each) => each.id === id);
let model = modelOf(choices.default_model);

// The size to show when the resolution was chosen last and does not take the present one.
function sizeAt(model, resolution, size) {
  return model.reset[resolution]?.[size]?.size ?? size;
}

// A drop-down for words and switches, a box for text and lists, else a line.
function control(name, { kind, options, role, default: value, minimum, maximum }) {
  const properties = { id: name, name };
  if (options) return withOptions(create("select", properties), name, options, value);
  if (kind === "boolean") {
    return create("select", properties, ...Object.entries(texts.switches).map(([word, label]) => new Option(label, word)));
  }
  if (["urls", "list", "object"].includes(kind) || role === "prompt") return create("textarea", { ...properties, rows: 3 });
  if (kind === "integer") {
    return create("input", { ...properties, type: "number", min: minimum ?? "", max: maximum ?? "", value: value ?? "" });
  }
  return create("input", properties);
}

function withOptions(select, name, options, value) {
  select.replaceChildren(...options.map((option) => new Option(labelOf(name, option), option.value)));
  select.value = value ?? options[0].value;
  return select;
}

function labelOf(name, option) {
  const { bills_as, options } = model.fields[name];
  const billed = options.find(({ value }) => value === bills_as?.[option.value]);
  return billed ? fill(texts.billed, { label: option.label[language], as: billed.label[language] }) : option.label[language];
}

function row(name, takes) {
  const input = control(name, takes);
  const isList = ["urls", "list"].includes(takes.kind);
  const notes = isList ? [create("small", { id: `${name}-lines`, textContent: texts.entries })] : [];
  if (takes.role === "shape") notes.push(create("p", { id: "note", className: "note", role: "status" }));
  const errors = create("ul", { className: "errors", id: `${name}-errors` });
  input.setAttribute("aria-describedby", [...notes, errors].map(({ id }) => id).join(" "));
  const label = create("label", { htmlFor: name, textContent: takes.label[language] });
  return create("div", { className: "field" }, label, input, ...notes, errors);
}

function showModel() {
  const kept = Object.fromEntries([...document.querySelectorAll("#fields input, #fields textarea")].map(({ name, value }) => [name, value]));
  model = modelOf(field("model").value);
  document.getElementById("fields").replaceChildren(...Object.entries(model.fields).map(([name, takes]) => row(name, takes)));
  for (const [name, value] of Object.entries(kept)) {
    if (field(name) && model.fields[name].kind !== "integer") field(name).value = value; // what was typed stays
  }
  showSizes();
  showCost();
}

function showSizes() {
  const { tier, shape } = model.roles;
  const resolution = tier && field(tier).value;
  if (!shape || !model.sizes_at[resolution]) return;
  const wanted = field(shape).value;
  const { options, label } = model.fields[shape];
  const size = sizeAt(model, resolution, wanted);
  withOptions(field(shape), shape, options.filter(({ value }) => model.sizes_at[resolution].includes(value)), size);
  show("note", size === wanted ? "" : fill(texts.changed, { label: label[language], old: wanted, new: size, chosen: resolution.toUpperCase() }));
}

// What is filled in, as the request that it becomes.
function chosen() {
  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const parsed = (text) => (/^\s*[[{]/.test(text) ? JSON.parse(text) : lines(text));
  const values = { integer: Number, boolean: (text) => text === "true", urls: parsed, list: parsed, object: parsed };
  const given = Object.entries(model.fields).filter(([name]) => field(name).value.trim() !== "");
  return Object.fromEntries(given.map(([name, { kind }]) => [name, values[kind]?.(field(name).value) ?? field(name).value]));
}

// Pixels and price of what is filled in; the engine is asked with a prompt, which costs nothing.
function showCost() {
  const [prompt] = Object.keys(model.fields).filter((name) => model.fields[name].role === "prompt");
  const { dimensions, quote } = judged({ model: model.id, [prompt]: "a picture" });
  show("credits", costOf(quote ?? { basis: "unknown" }));
  show("pixels", dimensions?.width ? `${dimensions.width} × ${dimensions.height}` : "");
}

function judged(request) {
  try {
    return preflight({ ...chosen(), ...request });
  } catch {
    return {}; // a list that is half written
  }
}

// Each error at its field and in the summary, which leads to the field; the focus goes to the first of them.
function showErrors(errors) {
  for (const place of document.querySelectorAll(".errors, #form-errors")) place.replaceChildren();
  for (const element of form.elements) element.removeAttribute("aria-invalid");
  for (const { loc, msg, ctx } of errors) {
    const [, name, index] = loc;
    const text = (index === undefined ? "" : `${index + 1}: `) + (ctx?.hint ? fill(texts.hinted, { message: msg, hint: ctx.hint }) : msg);
    document.getElementById(`${name}-errors`)?.append(create("li", { textContent: text }));
    const line = field(name) ? create("a", { href: `#${name}`, textContent: text }) : text;
    document.getElementById("form-errors").append(create("li", {}, line));
    field(name)?.setAttribute("aria-invalid", "true");
  }
  document.getElementById("summary").hidden = !errors.length;
  (form.querySelector("[aria-invalid]") ?? document.querySelector("#summary:not([hidden])"))?.focus();
}

async function send(event) {
  event.preventDefault();
  show("result", "");
  try {
    const headers = { "Accept-Language": language };
    const response = await fetch("/pictures", { method: "POST", headers, body: new FormData(form) });
    const answer = await response.json();
    const { detail } = answer;
    if (response.ok) showErrors([]);
    else showErrors(Array.isArray(detail) ? detail : [{ loc: ["body"], msg: String(detail) }]);
    if (response.ok) show("result", `${texts.accepted} ${costOf(answer.quote)}`);
  } catch {
    showErrors([{ loc: ["body"], msg: texts.failed }]);
  }
}

document.documentElement.lang = language;
document.title = texts.title;
show("title", texts.title);
show("send", texts.send);
show("check", texts.check);
show("model-label", texts.model);
field("model").replaceChildren(...choices.models.map((each) => new Option(each.title, each.id)));
field("model").value = choices.default_model;
form.addEventListener("change", ({ target }) => {
  if (target.name === "model") showModel();
  else if (target.name === model.roles.tier) showSizes();
  else if (target.name === model.roles.shape) show("note", "");
  showCost();
});
form.addEventListener("input", showCost);
form.addEventListener("submit", send);
showModel();
document.body.dataset.ready = "yes";
