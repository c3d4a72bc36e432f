// A form of a server, while it is filled in: sizes that go with the resolution, and the price, from the engine in the page.
// Everything works without this script; it only saves the way to the server and back.
import { preflight } from "/reapi-rules/reapi-rules.mjs";

const form = () => document.querySelector("form");
const show = (id, text) => (document.getElementById(id).textContent = text);
const facts = () => JSON.parse(document.getElementById("live").textContent); // what the server knows of the model
const fill = (text, figures) => text.replace(/{(\w+)}/g, (_, name) => figures[name]);

function offerSizes() {
  const { size, resolution } = form().elements;
  const taken = facts().sizes_at[resolution.value] ?? [];
  for (const option of size.options) option.disabled = !taken.includes(option.value);
}

// What was chosen last stays; the other one of the two gives way, and the page says so.
function agree(changed) {
  const { size, resolution } = form().elements;
  const change = facts().reset[resolution.value]?.[size.value];
  const [other, value] = changed === resolution ? [size, change?.size] : [resolution, change?.resolution];
  if (changed === size || changed === resolution) show("note", "");
  if (value && (changed === size || changed === resolution)) {
    const shown = (text) => (facts().sizes_at[text] ? text.toUpperCase() : text); // 4k is written 4K
    const [old, now, chosen] = [other.value, value, changed.value].map(shown);
    show("note", fill(facts().texts.changed, { label: other.labels[0].textContent, old, new: now, chosen }));
    other.value = value;
  }
  offerSizes();
}

// The price does not depend on the prompt, so there is one before anything is typed.
function showCost() {
  const { size, resolution, quality, n, image_urls: images } = Object.fromEntries(new FormData(form()));
  const request = { model: facts().model, prompt: "a picture", size, resolution, quality };
  if (n.trim()) request.n = /^\d+$/.test(n.trim()) ? Number(n) : n;
  const urls = images.split("\n").map((line) => line.trim()).filter(Boolean);
  if (urls.length) request.image_urls = urls;
  const { quote, dimensions } = preflight(request);
  const { basis = "unknown", credits, credits_low: least } = quote ?? {};
  show("credits", fill(facts().texts.cost[basis], { credits, least }));
  show("pixels", dimensions?.width ? `${dimensions.width} × ${dimensions.height}` : "");
}

function begin() {
  offerSizes();
  showCost();
}

document.addEventListener("change", ({ target }) => {
  agree(target);
  showCost();
});
document.addEventListener("input", showCost);
document.addEventListener("htmx:afterSettle", begin); // htmx puts the server's answer into the page
begin();
document.body.dataset.ready = "yes";
