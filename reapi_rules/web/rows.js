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
const TOTALS = new Set(SHEETS.totals);
const SPELT = Object.fromEntries(Object.entries(SHEETS.spellings).map(([role, words]) =>
  [role, new Map(Object.entries(words).flatMap(([word, texts]) => [[word, word], ...texts.map((text) => [text, word])]))]));
const strip = (text) => text.replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, "").trim();
const bare = (text) => strip(text.normalize("NFKC"));
const plain = (text) => bare(text).toLowerCase().replaceAll("：", ":").replace(/\s+/g, " ");
const fold = (title) => title.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");
const unguard = (cell) => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);
const letter = (at) => (at < 26 ? "" : letter(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26));

function meant(title) {
  for (const text of [title, title.replace(/\([^()]*\)|\[[^[\]]*\]|（[^（）]*）/g, " ")]) {
    const key = fold(text);
    const found = SHEETS.titles[key] ?? SHEETS.titles[key.replace(/s$/, "")];
    if (found !== undefined) return [found].flat();
    if (SHEETS.titles[key.replace(/\d{1,2}$/, "")] === "references") return ["references"];
  }
  return [];
}

const isSure = (title) => typeof (SHEETS.titles[fold(title)] ?? "") === "string";
const isLike = (subject, cell) => {
  const text = plain(cell);
  return Boolean(SPELT[subject]?.has(text)) || (subject === "shape" && (text in SHEETS.times || /^\d{2,5}x\d{2,5}$/.test(text))) || (subject === "number" && /^[1-9]\d?$/.test(text));
};

/** What each column is: by its title, and by its cells where that may mean several things. */
function columnsOf(titles, rows) {
  const columns = titles.map((title, at) => ({ title, letter: letter(at), at, subject: "", isByCells: false, seems: "" }));
  const taken = new Set();
  const give = (column, subject) => {
    column.subject = subject;
    taken.add(subject);
  };
  const cells = columns.map(({ at }) => rows.slice(0, 1000).map((row) => row[at] ?? "").filter((cell) => strip(cell)));
  const open = columns.filter(({ title }) => !OURS.has(fold(title)));
  for (const column of open) {
    const [subject, ...others] = meant(column.title);
    if (subject && !others.length && isSure(column.title) && !EDGES.includes(subject) && (subject === "references" || !taken.has(subject))) give(column, subject);
  }
  for (const column of open.filter(({ subject }) => !subject)) {
    const counts = meant(column.title).filter((each) => !taken.has(each) && !EDGES.includes(each))
      .map((each) => [each, cells[column.at].filter((cell) => (each === "references" ? /^https?:/.test(cell) : isLike(each, cell))).length]);
    const [best] = counts.sort((one, other) => other[1] - one[1]);
    if (best?.[1]) {
      give(column, best[0]);
      column.isByCells = true;
    }
  }
  const edges = EDGES.map((edge) => open.filter(({ title }) => meant(title).includes(edge)));
  if (!taken.has("shape") && edges.every((found) => found.length === 1)) edges.forEach(([column], at) => give(column, EDGES[at]));
  for (const column of open.filter(({ subject, title }) => !subject && SHEETS.titles[fold(title)]?.length !== 0)) {
    const found = cells[column.at];
    column.seems = SHEETS.priced.find((each) => each !== "number" && !taken.has(each) && 2 * found.filter((cell) => isLike(each, cell)).length > found.length) ?? "";
  }
  return columns;
}

/** The table among the cells of a sheet: its header, what each column is, and the rows below; header -1 if there is none. */
function sheetOf(grid) {
  const counts = grid.slice(0, MOST_ABOVE).map((titles) => columnsOf(titles, []).filter(({ subject }) => subject).length);
  const several = counts.findIndex((count) => count > 1);
  const header = several >= 0 ? several : counts.findIndex((count) => count === 1);
  if (header < 0) return { grid, header, columns: [], rows: [] };
  const rows = grid.slice(header + 1).map((cells, at) => ({ number: header + at + 2, cells }));
  const titles = [...grid[header]];
  while (titles.length > 1 && !strip(titles[titles.length - 1])) titles.pop();
  const sheet = { grid, header, rows, columns: columnsOf(titles, rows.map(({ cells }) => cells)) };
  placeColumns(sheet);
  return sheet;
}

/** Which column gives each subject; several give references. */
function placeColumns(sheet) {
  sheet.at = Object.fromEntries(sheet.columns.filter(({ subject }) => subject && subject !== "references").map(({ subject, at }) => [subject, at]));
  sheet.references = sheet.columns.filter(({ subject }) => subject === "references").map(({ at }) => at);
}

/** Why a row plans nothing; empty for one that plans a request. */
function kindOf(sheet, cells) {
  const filled = cells.map((cell, at) => [at, strip(cell)]).filter(([, text]) => text);
  if (!filled.length) return "blank";
  const read = new Set([...Object.values(sheet.at), ...sheet.references]);
  const first = filled.find(([, text]) => !/^[-+]?[\d.,]+$/.test(text));
  if (first && TOTALS.has(fold(first[1])) && !filled.some(([at]) => at !== first[0] && [sheet.at.prompt, sheet.at.shape].includes(at))) return "total";
  if (filled.length > 1 && filled.every(([at, text]) => fold(text) && fold(text) === fold(sheet.columns[at]?.title ?? ""))) return "header";
  if (!filled.some(([at]) => read.has(at))) return filled.length > 1 ? "nothing" : "note";
  return !first && filled.every(([at]) => at === sheet.at.number) ? "unsure" : "";
}

function judgeRow(sheet, row, known = new Map()) {
  row.kind = kindOf(sheet, row.cells);
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
    const id = [...MODELS.keys(), ...Object.keys(DATA.known_ids.ids)].find((each) => each === bare(others.model).toLowerCase());
    body.model = id ?? others.model;
    if (body.model !== others.model) note(notes, "cell.spelling", { name: "model", text: others.model, value: body.model });
    model = MODELS.get(body.model);
  }
  for (const [subject, cell] of Object.entries(others)) {
    if (subject === "model") continue;
    const name = placeOf(subject, model);
    body[name] = valueOf(subject, cell, name, model, notes);
  }
  if (images.length) {
    const name = placeOf("references", model);
    const found = images.flatMap((cell) => urlsOf(cell, notes));
    body[name] = model?.fields.get(name)?.kind === "url" && found.length === 1 ? found[0] : found;
  }
  if (!("prompt" in sheet.at) && model?.roles.prompt) body[model.roles.prompt] ??= "-".repeat(model.fields.get(model.roles.prompt).min_length ?? 1);
  return { body, notes };
}

const placeOf = (subject, model) => model?.roles[subject] ?? SHEETS.places[subject] ?? subject;

function sizeOf(...edges) {
  const texts = edges.map((edge) => bare(edge).replace(/(?:\.0+)? *(?:px|pixels?|像素)?$/i, ""));
  return texts.join(texts.every((text) => /^\d+$/.test(text) && Number(text) < 64) ? ":" : "x");
}

function urlsOf(cell, notes) {
  const text = cell.trim();
  if (text.startsWith("[")) try { return JSON.parse(text); } catch { return [text]; }
  if (/^data:/i.test(text)) return [text];
  const parts = text.split(/[\s|]+/).filter(Boolean);
  const found = parts.flatMap((part) => part.split(/[,;，；](?=https?:\/\/)/i));
  if (found.length > parts.length) notes.push(["cell.urls", { count: found.length }]);
  return found;
}

function note(notes, kind, { name, text, value, seen = "" }) {
  notes.push([kind, { name, content: `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`, value, seen }]);
  return value;
}

function valueOf(subject, cell, name, model, notes) {
  const known = model?.fields.get(name);
  const kind = known?.kind ?? (subject === "number" ? "integer" : "text");
  const text = bare(cell);
  if (subject === "number") {
    if (/^[+-]?\d{1,18}$/.test(text)) return Number(text);
    const spelt = SPELT.number.get(plain(cell));
    if (spelt) return /^[\d.,]+$/.test(text) ? Number(spelt) : note(notes, "cell.spelling", { name, text: cell, value: Number(spelt) });
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
  const word = own ?? words.get(SPELT[subject]?.get(plain(cell)));
  if (word !== undefined) return note(notes, "cell.spelling", { name, text: cell, value: word });
  if (subject !== "shape") return cell;
  const joined = text.replace(/ ?[xX] ?/, "x");
  if (pixelsOf(joined)) return note(notes, "cell.spelling", { name, text: cell, value: joined });
  const [ratio, seen] = SHEETS.times[text] ?? [];
  return words.has(ratio) ? note(notes, "cell.ratio", { name, text: cell, value: ratio, seen }) : cell;
}

/** Our cells of a row, under the names that the command line gives them. */
function resultOf(sheet, report, notes) {
  const { errors, warnings, quote, dimensions } = report;
  const columnOf = (name) => {
    const found = sheet.columns.filter(({ subject }) => subject && name && placeOf(EDGES.includes(subject) ? "shape" : subject, MODELS.get(report.model)) === name);
    const isNamed = found.length && found.length <= EDGES.length && fold(found[0].title) !== fold(name);
    return isNamed ? ` (column ${found.map(({ letter: at, title }) => `${at} "${title}"`).join(", ")})` : "";
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
  return { defaults, left };
}

/** The age of a rate card, its name with that, and what is to be said once it is old. */
function pricesOf(card) {
  if (!card) return { age: "", prices: t("no_card"), stale: "" };
  const { id, checked_on: date } = card.identity;
  const days = Math.floor((Date.parse(new Date().toISOString().slice(0, 10)) - Date.parse(date)) / 86400000);
  const age = days < 1 ? t("today") : t("days", { count: days });
  return { age, prices: t("prices_of", { id, date, age }), stale: days > SHEETS.fresh_days ? t("stale", { count: days, date }) : "" };
}
