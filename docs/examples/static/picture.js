// The page: drop-downs that depend on each other, live credits, and the server's errors at the fields.
import { credits, modelOf, pixels, sizeAt } from "./credits.js";

const TEXTS = {
  en: {
    title: "Ask for pictures",
    send: "Check and send",
    oneALine: "One URL a line.",
    cost: (n) => (n === null ? "Price not known" : `${n} credits`),
    reset: (from, to, at) => `Size changed from ${from} to ${to}: ${from} is not available at ${at}.`,
    billed: (label, as) => `${label} (billed as ${as})`,
    accepted: "reAPI would take this request.",
    failed: "The server could not be reached.",
  },
  zh: {
    title: "生成图片",
    send: "检查并发送",
    oneALine: "每行一个 URL。",
    cost: (n) => (n === null ? "价格未知" : `${n} 积分`),
    reset: (from, to, at) => `尺寸已从 ${from} 改为 ${to}：${at} 不支持 ${from}。`,
    billed: (label, as) => `${label}（按“${as}”计费）`,
    accepted: "reAPI 会接受此请求。",
    failed: "无法连接服务器。",
  },
};

const language = (new URLSearchParams(location.search).get("lang") ?? navigator.language).startsWith("zh") ? "zh" : "en";
const texts = TEXTS[language];
const form = document.querySelector("form");
const field = (name) => form.elements[name];
const row = (name) => document.getElementById(`row-${name}`);
const show = (id, text) => (document.getElementById(id).textContent = text);

const choices = await (await fetch("/choices.json")).json();
let model = modelOf(choices, choices.default_model);

function fill(name, options, value) {
  field(name).replaceChildren(...options.map((option) => new Option(labelOf(name, option), option.value)));
  field(name).value = value;
}

function labelOf(name, option) {
  const billed = name === "quality" && model.price.bills_as.quality[option.value];
  const other = billed && model.fields.quality.options.find(({ value }) => value === billed);
  return other ? texts.billed(option.label[language], other.label[language]) : option.label[language];
}

function showModel() {
  model = modelOf(choices, field("model").value);
  for (const name of ["prompt", "resolution", "size", "quality", "n", "image_urls", "mask_url", "background", "moderation"]) {
    const takes = model.fields[name];
    row(name).hidden = field(name).disabled = !takes; // a disabled field is not sent
    if (!takes) continue;
    row(name).querySelector("label").textContent = takes.label[language];
    if (takes.options && name !== "size") fill(name, takes.options, takes.default);
  }
  Object.assign(field("n"), { min: model.fields.n.minimum, max: model.fields.n.maximum, value: model.fields.n.default });
  showSizes(model.fields.size.default);
}

function showSizes(wanted) {
  const resolution = field("resolution").value;
  const size = sizeAt(model, resolution, wanted);
  const options = model.fields.size.options.filter((option) => model.sizes_at[resolution].includes(option.value));
  fill("size", options, size);
  show("note", size === wanted ? "" : texts.reset(wanted, size, resolution.toUpperCase()));
}

function showCost() {
  const choice = { n: Number(field("n").value) };
  for (const axis of ["resolution", "size", "quality"]) choice[axis] = model.fields[axis] && field(axis).value;
  const { minimum, maximum } = model.fields.n;
  const isNumber = Number.isInteger(choice.n) && choice.n >= minimum && choice.n <= maximum;
  const edges = pixels(model, choice);
  show("credits", isNumber ? texts.cost(credits(choices, model, choice)) : "–");
  show("pixels", edges ? `${edges[0]} × ${edges[1]}` : "");
}

function showErrors(errors) {
  for (const place of form.querySelectorAll(".errors")) place.replaceChildren();
  for (const element of form.elements) element.removeAttribute("aria-invalid");
  for (const { loc, msg, ctx } of errors) {
    const [, name, index] = loc;
    const place = document.getElementById(`${name}-errors`) ?? document.getElementById("form-errors");
    const item = document.createElement("li");
    const where = index === undefined ? "" : `${index + 1}: `;
    item.textContent = where + msg + (ctx?.hint ? ` – ${ctx.hint}` : "");
    place.append(item);
    if (field(name)) field(name).setAttribute("aria-invalid", "true");
  }
  form.querySelector("[aria-invalid]")?.focus();
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
    if (response.ok) show("result", `${texts.accepted} ${texts.cost(answer.quote.credits)}`);
  } catch {
    showErrors([{ loc: ["body"], msg: texts.failed }]);
  }
}

document.documentElement.lang = language;
document.title = texts.title;
show("title", texts.title);
show("send", texts.send);
show("one-a-line", texts.oneALine);
field("model").replaceChildren(...choices.models.map((each) => new Option(each.title, each.id)));
field("model").value = choices.default_model;
field("model").addEventListener("change", showModel);
field("resolution").addEventListener("change", () => showSizes(field("size").value));
field("size").addEventListener("change", () => show("note", ""));
form.addEventListener("input", showCost);
form.addEventListener("change", showCost);
form.addEventListener("submit", send);
showModel();
showCost();
document.body.dataset.ready = "yes";
