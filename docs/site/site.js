// Copy buttons on code blocks, and a search that finds numbers.

// What a reader would type: the commands of a transcript or of a Python session, else the whole block.
function typed(text) {
  const lines = text.replace(/\n+$/, "").split("\n");
  const start = ["$ ", ">>> "].find((prompt) => lines.some((line) => line.startsWith(prompt)));
  if (!start) return lines.join("\n");
  const isTyped = (line) => line.startsWith(start) || (start === ">>> " && line.startsWith("... "));
  return lines.filter(isTyped).map((line) => line.slice(start.length)).join("\n");
}

for (const block of document.querySelectorAll("div.highlight")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(typed(block.querySelector("pre").textContent));
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  block.append(button);
}

// Sphinx skips words that are numbers, such as 20003, 429 and both halves of 16:9; conf.py puts them into the index.
if (typeof Search !== "undefined") {
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const [text, terms, excluded, highlighted, objects] = parse(query);
    for (const number of query.match(/(?<![\p{L}\d])\d+(?![\p{L}\d])/gu) ?? []) {
      terms.add(number);
      highlighted.add(number);
    }
    return [text, terms, excluded, highlighted, objects];
  };
}
