// reAPI image requests, checked and priced in Google Sheets: paste this file into Extensions, Apps Script.
// Made by reapi-rules /* version */ with /* prices */. It sends nothing anywhere.

/**
 * The credits of each row: what to budget for all its images.
 *
 * @param {A1:F100} range The rows with the row of titles above them.
 * @param {"flux-2"} model The model of rows that name none; gpt-image-2-official unless given.
 * @return One column as high as the range.
 * @customfunction
 */
function REAPI_CREDITS(range, model) {
  return reapiRules_.columns(range, ["reapi_credits"], model);
}

/**
 * The verdict on each row, what is wrong with it, what it is warned of, and what else is worth knowing.
 *
 * @param {A1:F100} range The rows with the row of titles above them.
 * @param {"en"} language Of the messages: en or zh; en unless given.
 * @param {"flux-2"} model The model of rows that name none; gpt-image-2-official unless given.
 * @return Four columns as high as the range.
 * @customfunction
 */
function REAPI_CHECK(range, language, model) {
  return reapiRules_.columns(range, ["reapi_verdict", "reapi_errors", "reapi_warnings", "reapi_notes"], model, language);
}

/**
 * Width and height of the image of each row in pixels; blank where nobody can say.
 *
 * @param {A1:F100} range The rows with the row of titles above them.
 * @param {"flux-2"} model The model of rows that name none; gpt-image-2-official unless given.
 * @return Two columns as high as the range.
 * @customfunction
 */
function REAPI_PIXELS(range, model) {
  return reapiRules_.columns(range, ["reapi_width", "reapi_height"], model);
}

/**
 * How the range is read: the field that each column gives, the defaults that apply, the rows that are left out, the prices.
 *
 * @param {A1:F100} range The rows with the row of titles above them.
 * @param {"en"} language en or zh; en unless given.
 * @param {"flux-2"} model The model of rows that name none; gpt-image-2-official unless given.
 * @return Two columns: a title and what it is read as, then a line for everything else.
 * @customfunction
 */
function REAPI_COLUMNS(range, language, model) {
  return reapiRules_.account(range, model, language);
}

const reapiRules_ = (() => {
"use strict";

// What the engine needs beside the language itself: Apps Script has no text encoders, and may have an older library.
class TextEncoder {
  encode(text) {
    const pieces = encodeURIComponent(text).match(/%..|./g) || [];
    return Uint8Array.from(pieces, (piece) => (piece.length > 1 ? parseInt(piece.slice(1), 16) : piece.charCodeAt(0)));
  }
}
class TextDecoder {
  decode(bytes) {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  }
}
const added = [
  [Object, "hasOwn", (value, key) => Object.prototype.hasOwnProperty.call(value, key)],
  [Array.prototype, "at", function (place) { return this[place < 0 ? this.length + place : place]; }],
  [Array.prototype, "findLast", function (test) { return this.slice().reverse().find(test); }],
  [String.prototype, "replaceAll", function (old, text) { return this.split(old).join(text); }],
];
for (const [place, name, value] of added) if (!place[name]) Object.defineProperty(place, name, { value });

const { DATA, MODELS, Engine, currentCard, fold, narrow, pixelsOf, readCard, spelling } = /* engine */;
const SHEETS = /* sheets */;
const state = { engine: null, language: "en", model: DATA.default_model };
const figured = (number) => String(number === undefined || number === null ? "" : number);
/* rows */
const ZERO_DAY = "1899-12-30";
const A_MINUTE = 60000;

/** A cell as text; a time of day, which is what a sheet makes of a ratio, as the sheet shows it, and a number's 15 digits. */
function textOf(cell) {
  if (typeof cell === "number") return String(Number(cell.toPrecision(15)));
  return Object.prototype.toString.call(cell) === "[object Date]" ? clockOf(cell) : String(cell === undefined || cell === null ? "" : cell);
}

/**
 * The day and time of a date in the sheet's zone. Times of day are on a day in 1899, when a zone may have been minutes and
 * seconds off its hours; who reckons with that differs, and nobody types a ratio with seconds: a reading without any counts.
 */
function clockOf(date) {
  const zone = SpreadsheetApp.getActiveSpreadsheet().getSpreadsheetTimeZone();
  const shown = (ms) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const usual = [0, 6].map((month) => Utilities.formatDate(new Date(Date.UTC(2000, month, 1)), zone, "Z")).map((text) => Number(`${text[0]}1`) * (60 * text.slice(1, 3) + Number(text.slice(3))));
  const readings = [
    Utilities.formatDate(date, zone, "yyyy-MM-dd HH:mm:ss"),
    shown(date.getTime() + Math.min(...usual) * A_MINUTE),
    shown(date.getTime() - new Date(1899, 11, 30).getTime() + Date.UTC(1899, 11, 30)),
  ];
  const sure = readings.find((each) => each.startsWith(ZERO_DAY) && each.endsWith(":00"));
  const [day, time] = (sure || readings[0]).split(" ");
  if (day === ZERO_DAY) return time.replace(/:00$/, "");
  return time === "00:00:00" ? day : `${day} ${time}`;
}

/** The rows of a range, each judged. */
function judged(range, model, language) {
  state.language = String(language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
  state.model = model || DATA.default_model;
  state.engine = new Engine({ defaultModel: state.model, language: state.language });
  const sheet = sheetOf((Array.isArray(range) ? range : [[range]]).map((cells) => cells.map(textOf)));
  if (sheet.header < 0) throw new Error(sheet.missing());
  const known = new Map();
  sortRows(sheet);
  for (const row of sheet.rows) judgeRow(sheet, row, known);
  return sheet;
}

/** Some of our columns, as high as the range; what is digits alone is a number. */
function columns(range, names, model, language) {
  const sheet = judged(range, model, language);
  const places = names.map((name) => SHEETS.results.findIndex(([each]) => each === name));
  const valueOf = (text) => (/^\d+$/.test(text) ? Number(text) : text);
  return sheet.grid.map((_, at) => {
    if (at === sheet.header) return names;
    const { result } = sheet.rows[at - sheet.header - 1] || {};
    return places.map((place) => (result ? valueOf(result.cells[place]) : ""));
  });
}

function account(range, model, language) {
  const sheet = judged(range, model, language);
  const nameOf = (subject) => placeOf(subject, MODELS.get(state.model));
  const read = sheet.columns.filter(({ title }) => strip(title)).map(({ title, subject, isByCells, seems }) => [
    title,
    subject ? `${nameOf(subject)}${isByCells ? ` (${t("read_by_cells")})` : ""}` : seems ? t("looks_like", { field: nameOf(seems) }) : t("not_read"),
  ]);
  const { defaults, left, doubts } = accountOfRows(sheet);
  const { prices, stale } = pricesOf(currentCard(DATA.rate_cards.map(readCard), null));
  return [...read, ...[...defaults, ...left, ...doubts, prices, stale].filter(Boolean).map((line) => [line, ""])];
}

return { columns, account };
})();
