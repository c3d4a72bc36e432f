// A form of a server, while it is filled in: sizes that go with the resolution, the price, and the errors of the answer.
// Everything works without this script; it only saves the way to the server and back.

const form = document.querySelector("form");
const live = JSON.parse(document.getElementById("live").textContent);
const credits = document.getElementById("credits");
const { size, resolution } = form.elements;

function offerSizes() {
  const taken = live.sizes_at[resolution.value] ?? [];
  for (const option of size.options) option.disabled = !taken.includes(option.value);
}

// What was chosen last stays; the other one of the two gives way.
function agree(event) {
  const change = live.reset[resolution.value]?.[size.value];
  if (change && event.target === resolution) size.value = change.size;
  else if (change) resolution.value = change.resolution;
  offerSizes();
}

let asked = 0;
async function showPrice() {
  const number = ++asked;
  const answer = await fetch("price", { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  const found = answer?.ok ? (await answer.json()).credits : null;
  if (number === asked) credits.textContent = found === null ? "Price not known" : `${found} credits`;
}

form.addEventListener("change", agree);
form.addEventListener("input", showPrice);
form.addEventListener("change", showPrice);
offerSizes();
showPrice();
document.querySelector("[data-focus]")?.focus(); // what the server has to say, for readers of the screen too
