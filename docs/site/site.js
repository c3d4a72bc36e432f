// Copy buttons on code blocks, lines and names that fit a phone, pictures to open in full, and a search that finds numbers.

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

// On a phone the lines of a transcript wrap, so that none is cut off; only the rows of a table stay in one line each.
for (const block of document.querySelectorAll(".highlight-console pre")) {
  const isRow = (line) => /^\s*\S.*?( {2,}\S.*){2,}$|^ {12,}\S/.test(line);
  const texts = block.textContent.split("\n");
  const lines = block.innerHTML.split("\n");
  if (texts.filter(isRow).length < 3 || texts.length !== lines.length) continue;
  block.innerHTML = lines.map((line, at) => (isRow(texts[at]) ? `<span class="row">${line}</span>` : line)).join("\n");
}

// Commands and formulas wrap too; what is indented is a drawing or a program, and scrolls.
for (const block of document.querySelectorAll(":is(.highlight-sh, .highlight-none, .highlight-text) pre")) {
  block.classList.toggle("commands", !/^\s/m.test(block.textContent.trim()));
}

// What scrolls can be scrolled with the keyboard, and the headings of the menu say their level.
for (const block of document.querySelectorAll("pre")) if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
for (const caption of document.querySelectorAll("p.caption[role='heading']")) caption.setAttribute("aria-level", "2");

// Long names break after a dot or a low line, and not in the middle of a word.
for (const name of document.querySelectorAll("td code .pre, h1 code .pre, h2 code .pre, h3 code .pre, .related-pages code .pre")) {
  if (name.textContent.length > 16) name.innerHTML = name.innerHTML.replace(/[._/](?=\w)/g, "$&<wbr>");
}

// A click shows a picture in its own size.
for (const picture of document.querySelectorAll("article p > img[src$='.png']")) {
  const link = Object.assign(document.createElement("a"), { href: picture.src, title: "Open the picture in its own size" });
  picture.replaceWith(link);
  link.append(picture);
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
