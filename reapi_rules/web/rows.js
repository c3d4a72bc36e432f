// Rows of a sheet, read by the tables of titles and spellings alone. The calculator and the functions for Google Sheets
// have it in them, behind the engine: they say what `SHEETS`, `state` and `figured` are.

const EDGES = ["width", "height"];
const MOST_ABOVE = 20;
const fill = (text, figures) => text.replace(/\{(\w+)\}/g, (_, name) => figures[name] ?? "");
const told = (texts, figures = {}) => {
  const [one, several = one] = (texts[state.language] ?? texts.en).split("|");
  return fill((figures.count ?? 1) === 1 ? one : several, { ...figures, count: figured(figures.count) });
};
const t = (key, figures) => told(SHEETS.texts[key], figures);
const listed = (texts) => texts.join(state.language === "zh" ? "、" : ", ");

const OURS = new Set(SHEETS.ours);
const [TOTALS, SUMMARIES, NOTES] = [SHEETS.rows.totals, SHEETS.rows.summaries, SHEETS.rows.notes].map((words) => new Set(words));
const TICKS = new Set(SHEETS.rows.ticks);
const strip = (text) => text.replace(/[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/g, " ").trim().replace(/^'/, "").replace(/^=?"([^"]*)"$/, "$1").trim();
const bare = (text) => strip(narrow(text));
const unguard = (cell) => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
const letter = (at) => (at < 26 ? "" : letter(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26));

const WORDS = Object.fromEntries(Object.entries(SHEETS.words).map(([role, words]) => [role, new Map(words.map((word) => [word, word]))]));
WORDS.model = new Map([...MODELS.keys(), ...DATA.known_ids.ids.flatMap(([, ids]) => ids)].map((id) => [id.toLowerCase(), id]));
const RATIOS = new Set(SHEETS.words.shape.filter((word) => /^\d+:\d+$/.test(word)));
const SMALLEST = 64;
const { plainly, edgeOf, COUNTED, KINDS, ONE_EDGE, UNITS } = spelling;
const LONGEST = 80;
spelling.learn(SHEETS.spellings.placements);
const SYNONYMS = Object.fromEntries(Object.entries(SHEETS.spellings.synonyms).map(([role, words]) => [role, new Set(words)]));
const DEFAULTS = new Set(SHEETS.spellings.defaults);
const NONE = new Set(SHEETS.spellings.none);
const plain = (cell) => (bare(cell).length <= LONGEST ? plainly(bare(cell)) : "");
const numberSpelt = (cell) => spelling.number(bare(cell));
const edgeSpelt = (cell) => edgeOf(ONE_EDGE.exec(plain(cell))?.[1] ?? "") ?? 0;

/** Whether a cell spells a word of a field where nothing says that it is one. */
const says = (role, cell) => !SYNONYMS[role]?.has(plain(cell)) && spelling.word(role, bare(cell), WORDS[role] ?? new Map()) !== null;

/** Whether a cell says no more than a blank one, and none of its field's words. */
const isDefault = (subject, cell, words = new Map()) => DEFAULTS.has(plain(cell)) && spelling.word(subject, bare(cell), words) === null;

/** A cell without its numbers and their units. */
const withoutCount = (cell) => (plain(cell).match(COUNTED) ?? []).filter((run) => !/^\d+$/.test(run) && !UNITS.has(run)).join(" ");

// Titles, as sheets/meaning/titles.py takes them apart. What one means is a subject, or a list of those that the cells decide between.

const TITLES = Object.fromEntries(SHEETS.titles.flatMap(([meant, titles]) => titles.split(" ").map((title) => [title, meant])));
const PIECES = Object.fromEntries(Object.entries(SHEETS.pieces).map(([name, words]) => [name, new Set(words)]));
const MOST_AROUND = 3;
const singular = (key) => key.length > 3 && key.endsWith("ies") ? `${key.slice(0, -3)}y` : key.length > 3 && /[^s]s$/.test(key) ? key.slice(0, -1) : key;
const titled = (key) => TITLES[key] ?? TITLES[singular(key)];
const cuts = (key) => Array.from({ length: Math.max(key.length - 1, 0) }, (_, at) => [key.slice(0, at + 1), key.slice(at + 1)]);
const counts = (head, noun) => PIECES.nouns.has(noun) || (PIECES.singles.has(noun) && !PIECES.ordinals.has(head));
const isCount = (key) => cuts(key).some(([before, after]) => (PIECES.heads.has(before) && counts(before, after)) || (TITLES[after] === "number" && counts(after, before)));

const unbracketed = (text) => text.replace(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|【[^【】]*】/g, " ");
const isMoney = (title) => /\p{Sc}/u.test(title);
const isOther = (title) => isMoney(title) || [title, unbracketed(narrow(title))].some((text) => TITLES[fold(text) || text.trim()]?.length === 0);

/** What a title means without a word that changes nothing, as in "target ratio". */
function within(key, depth) {
  for (const [before, after] of cuts(key)) {
    for (const [rest, word] of [[after, before], [before, after]]) {
      if (!PIECES.around.has(word) || (PIECES.singles.has(word) && PIECES.ordinals.has(rest))) continue;
      const found = titled(rest) ?? (depth > 1 ? within(rest, depth - 1) : "");
      if (String(found) === "number,references") return ["number"]; // "images required" may be a number of images
      if (found.length && !/references/.test(found)) return found;
    }
  }
  return "";
}

function ofKey(key) {
  const found = titled(key);
  if (found !== undefined) return found;
  if (TITLES[key.replace(/[1-9]\d?$/, "").replace(/0+$/, "")] === "references") return "references";
  if ([...PIECES.addresses].some((word) => key.endsWith(word) && String(TITLES[key.slice(0, -word.length)]) === "references")) return "references";
  return isCount(key) ? "number" : within(key, MOST_AROUND);
}

/** Whether a title is a width or a height in another unit than pixels, as "Width (mm)" and "Breite in cm" are. */
function ofLength(key) {
  const rests = [...PIECES.lengths].filter((unit) => key.endsWith(unit)).map((unit) => key.slice(0, -unit.length));
  const edge = rests.map((rest) => String(ofKey(rest)) || String(ofLength(rest))).find((found) => EDGES.includes(found));
  return edge ? [edge] : "";
}

const PARTS = /[/|\n()[\]【】]|(?<=[a-z])\s?(?=[\u2e80-\uffdc])|(?<=[\u2e80-\uffdc])\s?(?=[a-z])/;
const JOINED = SHEETS.pieces.apart.filter((word) => /[^\0-\x7f]/.test(word));
const humped = (title) => title.replace(/([a-z])(?=[A-Z])/g, "$1 ");

/** Whether a title is about something that is there already or goes in, or about a length on paper. */
function isApart(title) {
  const text = narrow(humped(title));
  const outer = (unbracketed(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(fold);
  const parts = text.split(PARTS).map(fold);
  const words = [...outer, ...parts];
  return words.some((word) => PIECES.apart.has(word) || PIECES.apart.has(singular(word)) || JOINED.some((part) => word.startsWith(part) || word.endsWith(part)))
    || [...outer.slice(-1), ...parts.slice(-1), ...[...text.matchAll(/[([【]([^()[\]【】]*)[)\]】]/g)].map(([, inner]) => fold(inner))].some((part) => PIECES.lengths.has(part));
}

/** What a title means; where it is about another thing, only what no price depends on, and an edge in cm. */
function meant(title) {
  const found = meaningOf(title);
  if (!found.length || !isApart(title)) return found;
  const isSure = typeof found === "string";
  const kept = [found].flat().filter((subject) => !PIECES.spoken.has(subject) && !(isSure && EDGES.includes(subject)));
  return isSure ? kept[0] ?? "" : kept;
}

/** What it means as a whole, without a number and brackets, per piece, in two languages at once, or by its last word. */
function meaningOf(title) {
  if (title.length > LONGEST || isMoney(title)) return "";
  const text = narrow(title).replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, "").trim().toLowerCase();
  const inner = unbracketed(text.replace(/[^\p{L}\p{N}_]*[0-9]{1,3}[.)、]\s*(?=\D)/gu, ""));
  const [first, ...others] = inner.split(PARTS).map(fold).filter((key) => key && !PIECES.around.has(key)).map(ofKey);
  const [piece, per] = inner.split(/\s(?:per|pro|par|por|je)\s|(?<=[\p{L}\p{N}_])\s?\/\s?(?=[\p{L}\p{N}_])/u).map(fold);
  const isOne = PIECES.singles.has(piece);
  const perPiece = per && !PIECES.periods.has(per) && (isOne || PIECES.nouns.has(piece) || String(ofKey(piece)) === "number") ? (isOne ? ["number"] : "number") : "";
  const words = inner.match(/[\p{L}\p{N}]+/gu) ?? [];
  const last = words.at(-1) ?? "";
  const heads = [...(words.length > 1 ? [fold(last), PIECES.of.has(words[1]) && TITLES[fold(words[0])] !== "number" ? fold(words[0]) : ""] : []), ...cuts(last).filter(([, after]) => after.length > 1 && after > "\u2e80").map(([, after]) => after)];
  const key = fold(text);
  const isNumbered = /^#|#$/.test(text) && /^\p{L}+$/u.test(key);
  if (isNumbered && PIECES.singles.has(key)) return ofKey(`number${key}`);
  const meanings = [
    TITLES[text] ?? "",
    ofLength(key),
    isNumbered ? ofKey(`number${key}`) : "",
    TITLES[per] === "prompt" && !isOne ? perPiece : "", // images/prompt
    ofKey(key),
    ofKey(fold(inner)),
    perPiece,
    others.length && others.every((other) => String(other) === String(first)) ? first : "",
    ...([key, fold(inner)].some((each) => TITLES[each]?.length === 0) ? [] : heads).map((key) => TITLES[key]).filter((found) => PIECES.spoken.has(found)).map((found) => [found]),
  ];
  return meanings.find((found) => found.length) ?? "";
}

const isEdge = (cell) => edgeSpelt(cell) >= SMALLEST;
const isShape = (cell) => {
  const found = spelling.word("shape", bare(cell), WORDS.shape, true) ?? "";
  return found.includes("x") || RATIOS.has(found);
};
const isLike = (subject, cell) => {
  if (subject === "number") return /^[1-9]\d?(?:[.,]0{1,2})?$/.test(bare(cell)) || numberSpelt(cell) !== null;
  const words = WORDS[subject] ?? new Map();
  if (words.has(bare(cell).toLowerCase()) || spelling.word(subject, bare(cell), words) !== null) return true;
  return subject === "shape" && (isShape(cell) || Boolean(ratioIn(strip(cell), RATIOS)[0]));
};

/** Whether a cell under a title that says nothing of a number could be one of images. */
const isFew = (cell) => {
  const spelt = numberSpelt(cell) ?? 0;
  return /^([1-9]|10)(?:[.,]0)?$/.test(bare(cell)) || (spelt > 0 && spelt <= 10);
};

/** Whether all cells are numbers of images, none included, or ticks. */
const isTally = (cells) => cells.length > 0 && cells.every((cell) => TICKS.has(cell.toLowerCase().replace(/[[\] \ufe0f]/g, "")) || /^[0.-]*$/.test(cell) || isLike("number", cell));

const turned = (text) => /^[a-z]/.test(KINDS.get(plain(text)) ?? "");

/** The field that makes the price whose value a title is, also with a count beside it. */
function valueOfTitle(title) {
  if (title.length > LONGEST || (!["", "number"].includes(meant(title)) && typeof meant(title) === "string")) return "";
  const words = narrow(title).split(/[\s()_?#@*]+|(?<=[a-z0-9])(?=[\u2e80-\uffdc])|(?<=[\u2e80-\uffdc])(?=[a-z0-9])/i).filter(Boolean);
  const cut = words.length === 1 ? [...words[0]].findIndex((sign, at) => at && sign > "\u2e80" && TITLES[words[0].slice(at)] === "number") : -1;
  const others = cut > 0 ? [words[0].slice(0, cut)] : words.filter((word) => String(meant(word)) !== "number");
  const text = (others.length ? others : words).join(" ");
  if ([...WORDS.model.keys()].some((id) => fold(id) === fold(text))) return "model";
  if (turned(text) || spelling.word("shape", text, new Map([...RATIOS].map((word) => [word, word])), true) !== null) return "shape";
  const isValue = (role) => (text.length > 1 || text > "\u2e80") && text.toLowerCase() !== "auto" && ![null, "auto"].includes(spelling.word(role, bare(text), WORDS[role])) && says(role, text);
  return ["tier", "quality"].find(isValue) ?? "";
}

/** Whether cells may number the rows: each is above the one before; if they surely do, by one and in most rows. */
const isRun = (cells, step = Infinity) => cells.length > 1 && cells.every((cell, at) => {
  const [, here] = /^(\d{1,9})(?:[.,]0{1,2})?$/.exec(strip(cell)) ?? [];
  const more = here - (at ? parseInt(strip(cells[at - 1]), 10) : here - 1);
  return more > 0 && more <= step;
});
const isSureRun = (cells, count) => isRun(cells, 1) && cells.length >= 3 && 2 * cells.length > count;

/** Whether the cells of a column are of a subject as they are written; of numbers those that number the rows are not. */
function isOf(subject, filled, count) {
  const cells = [...new Set(filled)];
  if (subject === "shape") return cells.length > 0 && 2 * cells.filter(isShape).length >= cells.length;
  if (subject !== "number") {
    const found = 2 * cells.filter((cell) => WORDS[subject]?.has(bare(cell).toLowerCase()) || says(subject, cell)).length;
    return subject === "tier" || subject === "model" ? cells.length > 0 && found >= cells.length : found > cells.length;
  }
  return 2 * cells.filter(isFew).length > cells.length && !isSureRun(filled, count);
}

/** The fields that make the price and that a title has among its words, or begins or ends with. */
function mentioned(title) {
  if (title.length > LONGEST) return [];
  const parts = cuts(fold(title)).flat().filter((part) => part.length >= (/^[\0-\x7f]*$/.test(part) ? 6 : 2));
  const words = (humped(title).match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => fold(word).replace(/\d+$/, ""));
  const found = [...parts, ...words].map(titled).filter((each) => typeof each === "string");
  if (words.length > 1 && PIECES.nouns.has(words.at(-1))) found.push("number");
  return [...found, ...[meant(title)].flat(), ...(words.length > 1 && !PIECES.of.has(words[1]) ? [titled(words[0]) ?? []].flat() : [])];
}

/** What each column is: by its title, and by its cells where that may mean several things. */
function columnsOf(titles, rows) {
  const columns = titles.map((title, at) => ({ title, letter: letter(at), at, subject: "", isByCells: false, seems: "" }));
  const taken = new Set();
  const give = (column, subject) => {
    column.subject = subject;
    taken.add(subject);
  };
  const filled = columns.map(({ at }) => rows.slice(0, 1000).map((row) => row[at] ?? "").filter(strip));
  const cells = filled.map((found) => [...new Set(found)]);
  const count = Math.min(rows.length, 1000);
  const isNumbering = ({ title, at }) => (title.match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => PIECES.ordinals.has(fold(word))) && isRun(filled[at]);
  const ofValues = columns.filter(({ title, at }) => !OURS.has(fold(title)) && isTally(cells[at]) && valueOfTitle(title));
  ofValues.forEach((column) => (column.seems = valueOfTitle(column.title)));
  const open = columns.filter((column) => !OURS.has(fold(column.title)) && !ofValues.includes(column));
  const meanings = new Map(open.map((column) => [column, meant(column.title)]));
  for (const [column, subject] of meanings)
    if (subject && typeof subject === "string" && !EDGES.includes(subject) && (subject === "references" || !taken.has(subject))) give(column, subject);
  for (const column of open.filter(({ subject }) => !subject)) {
    if (String(meanings.get(column)) === "number" && (isNumbering(column) || isSureRun(filled[column.at], count))) continue;
    const counts = [meanings.get(column)].flat().filter((each) => each && !taken.has(each) && !EDGES.includes(each))
      .map((each) => [each, cells[column.at].filter((cell) => (each === "references" ? /^https?:/.test(cell) : isLike(each, cell))).length]);
    const [best] = counts.sort((one, other) => other[1] - one[1]);
    if (best?.[1]) {
      give(column, best[0]);
      column.isByCells = true;
    }
  }
  const edges = EDGES.map((edge) => open.filter((column) => String(meanings.get(column)) === edge));
  const isSure = (column) => typeof meanings.get(column) === "string";
  const pixels = edges.map((found) => found.filter(isSure));
  const areEdges = (found) => !found.length || 2 * found.filter(isEdge).length > found.length;
  const mayBeOther = taken.has("shape") || !edges.every((found) => found.length);
  if (!taken.has("shape") && pixels.every((found) => found.length === 1 && areEdges(cells[found[0].at]))) pixels.forEach(([column], at) => give(column, EDGES[at]));
  for (const column of open.filter(({ subject, title }) => !subject && !isOther(title))) {
    const found = cells[column.at];
    const again = mentioned(column.title);
    const other = (subject) => cells[columns.findIndex((each) => each.subject === subject)] ?? [];
    const isFree = (subject) => !other(subject).length || (again.includes(subject) && String(other(subject)) !== String(found) && !(subject === "number" && isNumbering(column)));
    const isLost = edges.flat().includes(column) && (mayBeOther ? isSure(column) && found.some(isEdge) : found.length);
    const said = [meanings.get(column)].flat().filter(Boolean);
    const isWanted = (subject) => subject === "shape" || subject === "model" || (isFree(subject) && (subject !== "number" || !said.length || said.includes(subject)));
    const mayCount = said.includes("number") && !other("number").length && isSureRun(filled[column.at], count) && !isNumbering(column);
    column.seems = isLost ? "shape" : ["model", ...SHEETS.priced].find((each) => isWanted(each) && found.length && isOf(each, filled[column.at], count)) ?? (!other("shape").length && !taken.has(EDGES[0]) && found.length && found.every(turned) ? "shape" : mayCount ? "number" : "");
  }
  return columns;
}

/** Which of the first rows is the header, -1 if none is, and its titles; two rows can be one together, as find_header of sheets/meaning/columns.py joins them. */
function headerOf(grid) {
  const countOf = (titles, at) => columnsOf(titles, grid.slice(at + 1, at + 1 + MOST_ABOVE)).filter(({ subject }) => subject).length;
  const counts = grid.slice(0, MOST_ABOVE).map(countOf);
  const several = counts.findIndex((count) => count > 1);
  const at = several >= 0 ? several : counts.findIndex((count) => count === 1);
  let found = [at, grid[at] ?? [], counts[at]];
  for (const [upper, lower] of at < 0 ? [] : [[at - 2, at], [at - 1, at], [at, at + 1]]) {
    if (upper < 0 || lower >= counts.length) continue;
    const texts = grid[lower].filter((text) => strip(text) && !OURS.has(fold(text)));
    const sure = texts.map(meant).filter((subject) => subject && typeof subject === "string");
    const isNaming = new Set(sure).size >= FEWEST && 2 * sure.length >= texts.length && !texts.some((text) => /^\p{Nd}/u.test(text));
    if (lower !== at && !isNaming) continue;
    const titles = Array.from({ length: Math.max(grid[upper].length, grid[lower].length) }, (_, place) => {
      const [up, low] = [upper, lower].map((row) => grid[row][place] ?? "");
      return strip(low) && (!strip(up) || lower === at || meant(low).length) ? low : up;
    });
    const count = countOf(titles, lower);
    if (count > Math.max(found[2], counts[lower])) found = [lower, titles, count];
  }
  return found;
}

/** The table among the cells of a sheet: its header, what each column is, and the rows below; header -1 if there is none. */
function sheetOf(grid) {
  const [header, named] = headerOf(grid);
  if (header < 0) return { grid, header, columns: [], rows: [], missing: () => t("no_rows") };
  const rows = grid.slice(header + 1).map((cells, at) => ({ number: header + at + 2, cells }));
  const titles = [...named];
  while (titles.length > 1 && !strip(titles[titles.length - 1])) titles.pop();
  const sheet = { grid, header, rows, columns: columnsOf(titles, rows.map(({ cells }) => cells)) };
  if (isSideways(sheet)) return { ...sheet, header: -1, missing: () => t("sideways") };
  placeColumns(sheet);
  return sheet;
}

/** Whether a sheet names its fields down the one column that is read, and not in its header. */
function isSideways({ columns, rows }) {
  const [{ at, subject }, ...others] = columns.filter((column) => column.subject);
  if (others.length || columns.filter(({ title }) => title).length < 2) return false;
  const cells = [...new Set(rows.slice(0, 1000).map((row) => row.cells[at] ?? "").filter(strip))].slice(0, MOST_ABOVE);
  return new Set(cells.map(meant).filter((found) => found && typeof found === "string" && found !== subject)).size > 1;
}

/** Which column gives each subject; several give references. */
function placeColumns(sheet) {
  sheet.at = Object.fromEntries(sheet.columns.filter(({ subject }) => subject && subject !== "references").map(({ subject, at }) => [subject, at]));
  sheet.references = sheet.columns.filter(({ subject }) => subject === "references").map(({ at }) => at);
}

const AMOUNT = new RegExp(`^(?:${SHEETS.rows.amount})$`);
const PICTURES = new RegExp(SHEETS.rows.pictures, "gu");
const SUM = new RegExp(`(?<![A-Z0-9_.])(?:_XLFN\\.)?(?:${SHEETS.rows.sums.map((name) => name.replace(".", "\\.")).join("|")})\\s*\\(`, "i");
const FEWEST = 2;
const MOST_HELD = 100;
const LONGEST_LABEL = 24;
const WHOLE = /^([-+]?\d{1,15})(?:[.,]0{1,6})?$/;
const isTotal = (text) => (text.match(/\p{L}+/gu) ?? []).some((word) => TOTALS.has(fold(word)));

/** Whether a formula sums cells above its own. */
function isSum(formula, row, column) {
  if (!formula.startsWith("=") || !SUM.test(formula) || /!|\.\$?[A-Z]{1,3}\$?\d/.test(formula)) return false;
  const found = [...formula.matchAll(/\$?\b([A-Z]{1,3})\$?(\d{1,7})\b/g)];
  return found.length ? found.every(([, name, number]) => name === letter(column) && Number(number) <= row) : formula.includes("[");
}

/** Says of each row why it plans nothing, empty for a request, as sheets/meaning/rows.py does; and which have no more than a number. */
function sortRows(sheet) {
  const { prompt, shape, number } = sheet.at;
  const read = new Set([...Object.values(sheet.at), ...sheet.references]);
  const edges = EDGES.filter((edge) => edge in sheet.at).map((edge) => sheet.at[edge]);
  const isSize = ([at, text]) => (edges.includes(at) ? isEdge(text) : at === shape && isLike("shape", text));
  const sums = [1, 2, 3].map(() => ({ count: 0, sum: 0 })); // of the rows below a heading, of the block, of all
  let [isAfterBlank, hasRequest, hasSized, hasBarePrompt, hasBareSum, held, bare] = [true, false, false, false, false, [], []];
  [sheet.numbers, sheet.totals] = [[], []];
  const numberOf = (row) => Number(WHOLE.exec(strip(row.cells[number] ?? ""))?.[1] ?? numberSpelt(row.cells[number] ?? "") ?? NaN);
  const isSumOf = (row, fewest = FEWEST) => sums.some(({ count, sum }) => count >= fewest && sum === numberOf(row));
  const end = (many) => sums.slice(0, many).forEach((each) => (each.count = each.sum = 0));
  const isNote = (text) => {
    const [word, ...rest] = text.replaceAll("：", ":").split(":");
    return text.startsWith("*") || (rest.length > 0 && NOTES.has(fold(word))) || (isAfterBlank && hasRequest && !hasBarePrompt);
  };
  const namesFields = (texts) => {
    const sure = [...texts].map(([at, text]) => isLike(sheet.columns[at]?.subject, text) || meant(text)).filter((subject) => subject && typeof subject === "string");
    return new Set(sure).size >= FEWEST && 2 * sure.length >= texts.size;
  };
  const kindOf = (row) => {
    const filled = row.cells.map((cell, at) => [at, strip(cell)]).filter(([, text]) => text);
    if (!filled.length) return "blank";
    if (number !== undefined && isSum(row.cells[number] ?? "", row.number, number)) return "total";
    const texts = new Map(filled.filter(([, text]) => !AMOUNT.test(text)));
    const folded = new Map([...texts].map(([at, text]) => [at, fold(text) || (text.match(PICTURES) ?? []).join("")]));
    const first = [...texts.keys()].find((at) => folded.get(at));
    const hasSize = filled.some(isSize);
    let asked = filled.map(([at]) => at).filter((at) => read.has(at) && (at === prompt || folded.get(at) !== ""));
    if (first === undefined) {
      if (hasSize) return "";
      if (asked.every((at) => texts.has(at))) return texts.size ? "separator" : "nothing";
      return asked.includes(number) && !texts.has(prompt) ? "sum?" : "";
    }
    const label = TOTALS.has(folded.get(prompt)) ? prompt : first;
    const hasPrompt = prompt !== label && folded.get(prompt);
    if ([folded.get(label), fold(withoutCount(texts.get(label)))].some((text) => TOTALS.has(text)) && !hasPrompt) {
      if (!hasSize) return "total";
      if (filled.some(([at]) => at === number)) sheet.totals.push(row.number);
    }
    const same = [...folded].filter(([at, text]) => text && text === fold(sheet.columns[at]?.title ?? ""));
    const isRepeated = same.length === folded.size && same.length >= Math.min(FEWEST, sheet.columns.length);
    if (texts.size === filled.length && !hasSize && (isRepeated || namesFields(texts))) return "header";
    if (texts.size === filled.length && !hasSize && !hasRequest && !texts.has(prompt) && ![...texts.values()].some((text) => fold(unbracketed(narrow(text))))) return "note";
    if (!asked.length) return filled.length > 1 ? "nothing" : "note";
    if (filled.length === 1 && isNote(texts.get(first))) return "note?";
    hasSized ||= asked.length > 1 && hasSize;
    if (asked.length > 1 && !hasRequest) {
      hasRequest = true;
      sheet.numbers.push(...bare);
    }
    if (!hasSize) asked = asked.filter((at) => texts.has(at) || (at !== shape && !edges.includes(at)));
    if (asked.includes(number) && asked.every((at) => [number, prompt].includes(at)) && !hasPrompt && isNumber(row.cells[number])) {
      const saysTotal = [...texts].some(([at, text]) => (!read.has(at) || (at === prompt && text.length <= LONGEST_LABEL)) && isTotal(text));
      const signs = saysTotal + isSumOf(row, saysTotal ? 1 : FEWEST);
      const isBare = !asked.includes(prompt);
      if (signs === 2 && isBare) return "total";
      if ((signs && (signs === 2 || isBare || hasSized)) || (isBare && hasRequest) || SUMMARIES.has(folded.get(first))) sheet.numbers.push(row.number);
      else if (isBare) bare.push(row.number);
    }
    hasBarePrompt ||= asked.length === 1 && asked[0] === prompt;
    return "";
  };
  const done = (row, kind) => {
    row.kind = kind === "number" ? "" : kind;
    isAfterBlank = kind === "blank";
    end(["blank", "total"].includes(kind) ? 2 : ["note", "separator", "header"].includes(kind) ? 1 : 0);
    if (kind === "number") sheet.numbers.push(row.number);
    if (kind === "" && !isNaN(numberOf(row))) {
      for (const each of sums) {
        each.count += 1;
        each.sum += numberOf(row);
      }
    }
  };
  const settle = (following) => {
    const waiting = held;
    held = [];
    for (const [row, kind] of waiting) {
      const isTotal = kind === "sum?" && following && isSumOf(row, hasBareSum ? 1 : FEWEST);
      hasBareSum ||= isTotal;
      done(row, isTotal ? "total" : kind === "sum?" ? "number" : kind === "note?" ? (following === "end" ? "note" : "") : kind);
    }
  };
  for (const row of sheet.rows) {
    const kind = kindOf(row);
    if (held.length && (!["note?", "blank"].includes(kind) || held[0][1] === "sum?" || held.length > MOST_HELD)) settle(kind);
    if (["sum?", "note?"].includes(kind) || (held.length && kind === "blank")) held.push([row, kind]);
    else done(row, kind);
  }
  settle("end");
  sheet.numbers.sort((one, other) => one - other);
}

function judgeRow(sheet, row, known = new Map()) {
  row.result = undefined;
  if (row.kind) return;
  const { body, notes } = planOf(sheet, row.cells);
  const key = JSON.stringify([body, notes]);
  if (!known.has(key)) {
    const report = state.engine.preflight(JSON.stringify(body));
    known.set(key, { body, report, notes, ...resultOf(sheet, report, notes) });
  }
  row.result = known.get(key);
}

function planOf(sheet, cells) {
  const given = Object.fromEntries(Object.entries(sheet.at).filter(([, at]) => strip(cells[at] ?? "")).map(([subject, at]) => [subject, unguard(cells[at])]));
  const { width, height, ...others } = given;
  if (width || height) others.shape = sizeOf(width ?? "", height ?? "");
  const images = sheet.references.map((at) => unguard(cells[at] ?? "")).filter(strip);
  const [body, notes] = [{}, []];
  let model = MODELS.get(state.model);
  if ("model" in others) {
    const id = WORDS.model.get(bare(others.model).toLowerCase());
    body.model = id ?? others.model;
    if (body.model !== others.model) note(notes, "cell.spelling", { name: "model", text: others.model, value: body.model });
    model = MODELS.get(body.model);
  }
  for (const [subject, cell] of Object.entries(others)) {
    if (subject === "model") continue;
    const name = placeOf(subject, model);
    if (SHEETS.priced.includes(subject) && isDefault(subject, cell, model?.lowerWords.get(name))) {
      notes.push(["cell.default", { name, content: `"${cell}"` }]);
      continue;
    }
    if (subject === "mask" && saysNone(cell, name, notes)) continue;
    body[name] = valueOf(subject, cell, name, model, notes);
  }
  const referred = placeOf("references", model);
  const said = images.filter((cell) => !saysNone(cell, referred, notes));
  if (said.length) {
    const found = said.flatMap((cell) => urlsOf(cell, notes));
    body[referred] = model?.fields.get(referred)?.kind === "url" && found.length === 1 ? found[0] : found;
  }
  if (!("prompt" in sheet.at) && model?.roles.prompt) body[model.roles.prompt] ??= "-".repeat(model.fields.get(model.roles.prompt).min_length ?? 1);
  return { body, notes };
}

/** Whether a cell says that there is no URL; it is noted. */
function saysNone(cell, name, notes) {
  if (!NONE.has(plain(cell))) return false;
  notes.push(["cell.none", { name, content: `"${cell}"` }]);
  return true;
}

const placeOf = (subject, model) => model?.roles[subject] ?? SHEETS.places[subject] ?? subject;

function sizeOf(...edges) {
  const texts = edges.map(bare);
  if (!texts.every((text) => /^\d+$/.test(text))) return texts.join(" x ");
  return texts.join(texts.every((text) => Number(text) < SMALLEST) ? ":" : "x");
}

function urlsOf(cell, notes) {
  const text = cell.trim();
  const named = text.endsWith(")") ? text.split(/(?<=\))[,\n]\s*/).map((part) => /^[^,:\n]*\((https?:\/\/[^\s()]+)\)$/i.exec(part)?.[1]) : [];
  if (named.length && named.every(Boolean)) {
    notes.push(["cell.attachments", { count: named.length }]);
    return named;
  }
  if (text.startsWith("[")) try { return JSON.parse(text); } catch { return [text]; }
  if (/^data:/i.test(text)) return [text];
  const parts = text.split(/https?:\/\//i.test(text) ? /[\s|]+/ : /\s*[\r\n|]\s*/).filter(Boolean);
  const found = parts.flatMap((part) => part.split(/[,;，；](?=https?:\/\/)/i));
  if (found.length > parts.length) notes.push(["cell.urls", { count: found.length }]);
  return found;
}

function note(notes, kind, { name, text, value, seen = "" }) {
  notes.push([kind, { name, content: `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`, value, seen }]);
  return value;
}

const isNumber = (cell) => typeof valueOf("number", cell, "n", undefined, []) === "number";

function valueOf(subject, cell, name, model, notes) {
  const known = model?.fields.get(name);
  const kind = known?.kind ?? (subject === "number" ? "integer" : "text");
  const text = bare(cell);
  if (subject === "number") {
    if (/^[+-]?\d{1,18}$/.test(text)) return Number(text);
    const spelt = numberSpelt(cell);
    if (spelt !== null) return note(notes, "cell.spelling", { name, text: cell, value: spelt });
  }
  if (["integer", "number"].includes(kind)) {
    const decimal = /^([+-]?\d{1,18})(?:\.|,(?=\d{1,2}$))(\d{1,18})$/.exec(text);
    if (decimal && /[1-9]/.test(decimal[2])) return Number(`${decimal[1]}.${decimal[2]}`);
    if (decimal ? decimal[2].length < 3 : /^[+-]?\d{1,18}$/.test(text)) return Number(decimal ? decimal[1] : text);
    if (subject === "number" && /^(?:\d[\d.,]*\d(?:e[-+]?\d+)?|[\d.,]+ ?%)$/i.test(text)) note(notes, "cell.no_number", { name, text: cell, value: text });
    return text;
  }
  if (kind === "boolean") return { true: true, false: false }[text.toLowerCase()] ?? cell;
  if (["list", "object"].includes(kind)) try { return JSON.parse(cell); } catch { return cell.trim(); }
  if (kind === "url") return cell.trim();
  const words = model?.lowerWords.get(name);
  if (!words?.size) return cell;
  if ([...words.values()].includes(cell) || pixelsOf(cell)) return cell;
  const own = words.get(text.toLowerCase());
  if (own && known.any_case && cell === text) return cell;
  const word = own ?? spelling.word(subject, text, words, known.pixel_strings);
  if (word !== null) return note(notes, "cell.spelling", { name, text: cell, value: word });
  if (subject !== "shape") return cell;
  const [ratio, seen] = ratioIn(strip(cell), new Set([...model.ratios.keys()].filter((each) => /^\d+:\d+$/.test(each))));
  if (seen === "text" || seen.endsWith(`, so ${text}`)) return cell;
  const noted = ratio === null ? (seen === UTC ? "cell.utc" : "cell.no_ratio") : seen.startsWith("the ratio") ? "cell.spelling" : "cell.ratio";
  return note(notes, noted, { name, text: cell, value: ratio ?? cell, seen });
}

// Ratios that a spreadsheet turned into times, as sheets/meaning/repair.py reads them: the ratio or null, and what was seen.

const PATTERNS = Object.fromEntries(Object.entries(SHEETS.patterns).map(([name, pattern]) => [name, new RegExp(`^(?:${pattern})$`)]));
const UTC = "a time in UTC";
const two = (number) => String(number).padStart(2, "0");

function ratioIn(text, ratios) {
  const shown = text.replace(/[\uff1a\u2236\ufe55\ua789]/g, ":");
  if (shown.length > LONGEST) return [null, "text"];
  const [, width, height] = PATTERNS.ratio.exec(shown) ?? [];
  if (ratios.has(`${width}:${height}`)) return [`${width}:${height}`, `the ratio ${width}:${height}`];
  const time = PATTERNS.time.exec(shown);
  if (time) return time[5] ? [null, UTC] : ratioOfClock(time, ratios);
  const [isDuration, hours, minutes = "0"] = PATTERNS.duration.exec(shown) ?? [];
  if (isDuration) return ratioOfTime(Number(hours) + Math.floor(minutes / 60), minutes % 60, 0, ratios);
  if (PATTERNS.number.test(shown)) return ratioOfNumber(shown.replace(",", "."), ratios);
  return [null, PATTERNS.date.test(shown) && !ratios.has(shown.replaceAll("/", ":")) ? `the date ${shown}` : "text"];
}

function ratioOfClock([, before, hours, minutes, seconds = "0", , after], ratios) {
  const spoken = before ?? after ?? "";
  const half = spoken && (/[pP\u4e0b\u5f8c\ud6c4]/.test(spoken) ? "PM" : "AM");
  let [hour, minute, second] = [hours, minutes, seconds].map(Number);
  const shown = `${two(hour)}:${two(minute)}${half && ` ${half}`}`;
  if (minute > 59 || second > 59 || hour > 23 || (half && (hour < 1 || hour > 12))) return [null, `${hour}:${two(minute)}, which is not a time of day`];
  if (half) hour = (hour % 12) + (half === "PM" ? 12 : 0);
  const [ratio, seen] = ratioOfTime(hour, minute, second, ratios);
  if (ratio !== null) return [ratio, `the time ${shown}`];
  if (half || second || !ratios.has(`${hour + 12}:${minute}`)) return [null, seen];
  return [null, `${seen} (${hour + 12}:${minute} would be ${shown} PM or ${hour + 12}:${two(minute)})`];
}

function ratioOfTime(hour, minute, second, ratios) {
  if (second) return [null, `the time ${hour}:${two(minute)}:${two(second)}, which has seconds`];
  const [ratio, seen] = [`${hour}:${minute}`, `the time ${two(hour)}:${two(minute)}`];
  return ratios.has(ratio) ? [ratio, seen] : [null, `${seen}, so ${ratio}`];
}

/** A part of a day, or the minutes of a time as YAML counts them. */
function ratioOfNumber(text, ratios) {
  const seen = `the number ${text}`;
  const number = Number(text);
  const minutesOf = (ratio) => ratio.split(":").reduce((hours, minutes) => 60 * hours + Number(minutes));
  const fitting = (test) => [...ratios].filter((ratio) => test(Number(minutesOf(ratio))));
  if (Number.isInteger(number)) {
    const [found = null] = fitting((minutes) => minutes === number);
    return [found, found ? `${seen} (hours x 60 + minutes)` : seen];
  }
  const decimals = (text.split(".")[1] ?? "").length;
  const found = fitting((minutes) => Math.abs(minutes / 1440 - number) <= 0.5 * 10 ** -Math.min(decimals, 12));
  if (found.length === 1 && decimals >= 3) return [found[0], `${seen} (that part of a day)`];
  const divided = [...ratios].filter((ratio) => Math.abs(Number(ratio.split(":")[0]) / Number(ratio.split(":")[1]) - number) <= 0.5 * 10 ** -Math.min(decimals, 12));
  if (divided.length === 1 && !found.length && decimals > 1) return [divided[0], `${seen} (width / height)`];
  return [null, found.length ? `${seen}, too coarse for a time of day` : seen];
}

/** Our cells of a row, under the names that the command line gives them. */
function resultOf(sheet, report, notes) {
  const { errors, warnings, quote, dimensions } = report;
  const columnOf = (name) => {
    const found = sheet.columns.filter(({ subject }) => subject && name && placeOf(EDGES.includes(subject) ? "shape" : subject, MODELS.get(report.model)) === name);
    const isNamed = found.length && found.length <= EDGES.length && fold(found[0].title) !== fold(name);
    const column = found.map(({ letter: at, title }) => `${at} "${title}"`).join(", ");
    return isNamed ? told(SHEETS.account.texts.of_column, { column }) : "";
  };
  const about = ({ rule, field: name, message }, isNote = false) => `${rule}${isNote ? "" : columnOf(name)}: ${message}`;
  const joined = (texts) => texts.join(" | ");
  const verdict = !quote ? "rejected" : quote.credits === null ? "no price" : warnings.some(({ level }) => level === "warning") ? "warning" : "fine";
  const noted = (key, params) => `${key}: ${fill(SHEETS.notes[key][state.language] ?? SHEETS.notes[key].en, params)}`;
  const reason = `price.${quote?.reason}`;
  const notesSaid = [...notes.map(([key, params]) => noted(key, params)), ...(reason in SHEETS.notes ? [noted(reason, {})] : []),
    ...warnings.filter(({ level }) => level === "note").map((each) => about(each, true))];
  const cells = [verdict,
    joined(errors.map((each) => about(each) + (each.hint ? `; ${each.hint}` : ""))),
    joined(warnings.filter(({ level }) => level === "warning").map((each) => about(each))),
    dimensions?.width, dimensions?.height, quote?.credits, quote?.credits_low, quote?.usd, quote?.basis, quote?.cell, quote?.rate_card?.id,
    joined(notesSaid)].map((value) => (value === null || value === undefined ? "" : String(value)));
  return { cells, verdict, isFixable: [...errors, ...warnings].some(({ patch }) => patch), credits: quote?.credits ?? null, low: quote?.credits_low ?? null, pixels: dimensions?.width ? `${dimensions.width} × ${dimensions.height}` : "",
    pieces: Number(dimensions?.width ?? 0) * Number(dimensions?.height ?? 0) };
}

/** What is assumed where a column is missing, and which rows plan nothing and why. */
function accountOfRows(sheet) {
  const { texts, kinds } = SHEETS.account;
  const model = MODELS.get(state.model);
  const missing = SHEETS.priced.filter((role) => model?.roles[role] && !(role in sheet.at) && !(role === "shape" && "width" in sheet.at));
  const defaults = missing.map((role) => {
    const { default: usual, billsAs } = model.fields.get(model.roles[role]);
    const value = billsAs.has(usual) ? told(texts.billed, { value: usual, billed: billsAs.get(usual) }) : String(usual);
    return told(texts.default, { field: placeOf(role, model), value });
  });
  const skipped = new Map();
  for (const { kind, number } of sheet.rows) if (kind && kind !== "blank") skipped.set(kind, [...(skipped.get(kind) ?? []), number]);
  const numbered = (rows) => (rows.length > 5 ? told(texts.many, { count: rows.length }) : told(texts.rows, { count: rows.length, rows: listed(rows.map(String)) }));
  const left = [...skipped].map(([kind, rows]) => told(texts.kind, { rows: numbered(rows), kind: kind in kinds ? told(kinds[kind], { count: rows.length }) : t(kind) }));
  const above = sheet.grid.slice(0, sheet.header).map((cells, at) => (cells.some(strip) ? at + 1 : 0)).filter(Boolean);
  if (above.length) left.unshift(t("above", { rows: numbered(above) }));
  const doubts = [["sheet.only_number", sheet.numbers], ["sheet.total_with_size", sheet.totals]].filter(([, rows]) => rows.length)
    .map(([rule, rows]) => told(texts[rule], { rows: numbered(rows) }));
  return { defaults, left, doubts };
}

/** The age of a rate card, its name with that, and what is to be said once it is old. */
function pricesOf(card) {
  if (!card) return { age: "", prices: t("no_card"), stale: "" };
  const { id, checked_on: date } = card.identity;
  const days = Math.floor((Date.parse(new Date().toISOString().slice(0, 10)) - Date.parse(date)) / 86400000);
  const age = days < 1 ? t("today") : t("days", { count: days });
  return { age, prices: t("prices_of", { id, date, age }), stale: days > SHEETS.fresh_days ? t("stale", { count: days, date }) : "" };
}
