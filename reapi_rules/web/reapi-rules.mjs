// The engine of reapi_rules as one module: the same verdicts, warnings, pixels and prices as in Python, from the same
// data.
//
// Inside, JSON has its own types: an integer is a BigInt and a float a number, since 2 and 2.0 are not the same to the
// rules; an object is a Map, whose keys keep their order. Absent and null mean the same.
import DATA from "./reapi-rules.data.mjs";

/**
 * A JSON value as a program has it; an integer beyond 2^53 is a BigInt.
 * @typedef {null | boolean | number | bigint | string | Json[] | {[key: string]: Json}} Json
 */

/** @typedef {"error" | "warning" | "note"} Level */

/**
 * How sure a statement is: the page says so, it follows from public material, or the page leaves it open and we chose.
 * @typedef {"documented" | "inferred" | "unspecified"} Certainty
 */

/**
 * What is wrong with a request, or worth knowing about it. `pointer` is an RFC 6901 pointer into the body, `related` are
 * further ones; `patch` is a JSON merge patch of the body, given only if it is certain what was meant.
 * @typedef {{rule: string, level: Level, certainty: Certainty, code: number | null, field: string | null,
 *   pointer: string, related: string[], message: string, hint: string | null, patch: {[key: string]: Json} | null,
 *   value: string | number | bigint | boolean | null, params: {[key: string]: Json}}} Finding
 */

/**
 * Width and height of the image in pixels and how sure we are of them, or why they are unknown.
 * @typedef {{width: number | bigint | null, height: number | bigint | null, certainty: Certainty | null,
 *   reason: "server_picks" | "mirrors_reference" | "not_a_dimension" | "not_published" | null}} Dimensions
 */

/**
 * Which rate card a quote was made with, and from when its prices hold.
 * @typedef {{id: string, effective_from: string, checked_on: string}} CardId
 */

/**
 * What a request costs. `credits` is what to budget: the exact bill, or the most expensive of the cells that may be
 * billed; `credits_low` is the cheapest of them. If there is no price, both are null and `reason` says why.
 * @typedef {{basis: "exact" | "bounded" | "unknown", certainty: Certainty, credits: number | bigint | null,
 *   credits_low: number | bigint | null, usd: string | null, per_image_usd: string | null, n: number | bigint | null,
 *   cell: string | null, reason: "size_mirrors_reference" | "pixel_size" | "uncertain_default" | "unknown_value" |
 *   "not_published" | "no_rate" | "no_rules" | null, missing: string[], float_sensitive: boolean,
 *   rate_card: CardId | null}} Quote
 */

/** @typedef {"text_to_image" | "image_to_image" | "inpainting"} Mode */

/**
 * A report as JSON.
 * @typedef {{ok: boolean, model: string | null, mode: Mode | null, errors: Finding[], warnings: Finding[],
 *   effective: {[key: string]: Json} | null, dimensions: Dimensions | null, quote: Quote | null}} ReportJson
 */

/**
 * The options of every question. `rates`: a rate card or several instead of those of the module, as JSON text or
 * as what `JSON.parse` makes of it, with prices as text; `asOf`: the date whose prices count, such as "2026-08-01", the
 * newest by default; `defaultModel` applies if a body names none; `unknownFields` says what happens to a key that the
 * model does not have; `language` is the language of messages and hints, "en" or "zh".
 * @typedef {{rates?: unknown, asOf?: string | null, defaultModel?: string | null,
 *   unknownFields?: "warn" | "ignore" | "error", language?: string}} Options
 */

/**
 * What a price depends on. Each value goes to the field with that role, under the model's own name.
 * @typedef {{model?: string | null, size?: string | null, resolution?: string | null, quality?: string | null,
 *   n?: number | bigint | null, hasImages?: boolean}} Axes
 */

/**
 * What a form library asks for: https://standardschema.dev
 * @typedef {{readonly "~standard": {readonly version: 1, readonly vendor: string,
 *   readonly validate: (value: unknown) => {value: {[key: string]: Json}, issues?: undefined} |
 *     {issues: {message: string, path: (string | number)[]}[]},
 *   readonly types?: {readonly input: unknown, readonly output: {[key: string]: Json}}}}} StandardSchema
 */

const CERTAINTIES = ["documented", "inferred", "unspecified"];
const LANGUAGES = ["en", ...Object.keys(DATA.messages)];

// --------------------------------------------------------------------------------
// JSON: numbers as they were written, keys in their order, of a repeated key the last
// --------------------------------------------------------------------------------

const MOST_LEVELS = 900;
const MOST_DIGITS = 4300;
const NOT_UTF8 = "it is not UTF-8";
const TOO_DEEP = "it is nested too deep";
const [QUOTE, COMMA, COLON, BACKSLASH, MINUS, ZERO, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE, LETTER_U] =
  bytesOf('",:\\-0[]{}u');

/** Why a text is no value: it is malformed, a number is out of range, it is nested too deep, or it is no object. */
class NotJson extends Error {
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
  }
}

/**
 * Reads one JSON text, as bytes. A value is skipped, decoded, or read as leniently as Python's own json does. What it says
 * of a malformed text is what msgspec says, since a report may quote it.
 */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.levels = 0;
    this.twice = null; // the first repeated key, for rate cards
  }

  /** The value of the whole text. */
  whole(how) {
    const value = this.value(how);
    this.end();
    return value;
  }

  /** The pairs of the whole text, if it is an object, with values of keys that are wanted; undefined for other values. */
  pairs(wanted) {
    if (this.next() !== OPEN) return undefined;
    const found = this.object("decode", wanted);
    this.end();
    return found;
  }

  end() {
    if (this.peek() !== undefined) throw this.broken("trailing characters", 1);
  }

  /** The next byte that is no blank; undefined at the end. */
  peek() {
    for (; ; this.at++) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
  }

  /** The same where there must be one. */
  next() {
    const byte = this.peek();
    if (byte === undefined) throw this.truncated();
    return byte;
  }

  broken(message, further = 0) {
    return new NotJson("malformed", `JSON is malformed: ${message} (byte ${this.at + further})`);
  }

  truncated() {
    return new NotJson("malformed", "Input data was truncated");
  }

  value(how) {
    const byte = this.next();
    if (byte === QUOTE) return this.string(how);
    if (byte === OPEN) return this.object(how);
    if (byte === OPEN_LIST) return this.list(how);
    for (const [word, meant] of WORDS) {
      if (byte === word[0]) {
        if (this.bytes.length - this.at < word.length) throw this.truncated();
        const isWord = word.every((each, index) => this.bytes[this.at + index] === each);
        if (!isWord) throw this.broken("invalid character", how === "skip" ? 1 : word.length);
        this.at += word.length;
        return meant;
      }
    }
    return this.number(how);
  }

  /** Calls for each entry between brackets, and checks the commas. */
  between(close, what, entry) {
    if (++this.levels > MOST_LEVELS) throw new NotJson("deep", TOO_DEEP);
    this.at++;
    for (let isFirst = true; this.next() !== close; isFirst = false) {
      if (!isFirst) {
        if (this.next() !== COMMA) throw this.broken(`expected ',' or '${String.fromCharCode(close)}'`);
        this.at++;
        if (this.next() === close) throw this.broken(`trailing comma in ${what}`);
      }
      entry();
    }
    this.at++;
    this.levels--;
  }

  list(how) {
    const entries = [];
    this.between(CLOSE_LIST, "array", () => {
      const entry = this.value(how);
      if (how !== "skip") entries.push(entry);
    });
    return entries;
  }

  /** An object as a Map; of keys that are wanted instead a list of [key, start, end, value], with every repeated one. */
  object(how, wanted) {
    const found = wanted ? [] : new Map();
    this.between(CLOSE, "object", () => {
      if (this.next() !== QUOTE) throw this.broken(how === "skip" ? "expected '\"'" : "object keys must be strings");
      const key = this.string(how);
      if (this.next() !== COLON) throw this.broken("expected ':'");
      this.at++;
      this.peek();
      const start = this.at;
      if (wanted) {
        const value = this.value(wanted.has(key) ? how : "skip");
        found.push([key, start, this.at, value]);
      } else {
        const value = this.value(how);
        if (how === "skip") return;
        if (found.has(key) && this.twice === null) this.twice = key;
        found.set(key, value);
      }
    });
    return found;
  }

  string(how) {
    const start = ++this.at;
    let isPlain = true;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === QUOTE) break;
      if (byte === undefined) throw this.truncated();
      if (byte < 0x20) throw this.broken("invalid character");
      this.at++;
      if (byte === BACKSLASH) {
        isPlain = false;
        this.escape(how);
      } else if (byte > 0x7f) isPlain = false;
    }
    const end = this.at++;
    if (how === "skip") return "";
    if (isPlain && end - start < 1000) return String.fromCharCode(...this.bytes.subarray(start, end));
    const text = decoder.decode(this.bytes.subarray(start, end));
    return text.replace(/\\(?:u(....)|(.))/gs, (_, code, letter) =>
      code ? String.fromCharCode(parseInt(code, 16)) : (ESCAPES[letter] ?? letter),
    );
  }

  escape(how) {
    const isSkipped = how === "skip";
    const byte = this.bytes[this.at];
    if (byte === undefined) throw this.truncated();
    if (byte !== LETTER_U && !ESCAPED.includes(byte)) {
      throw isSkipped ? this.broken("invalid escaped character") : this.broken("invalid escape character in string", 1);
    }
    this.at++;
    if (byte !== LETTER_U) return;
    const unit = this.codeUnit();
    if (how === "lenient" || unit < 0xd800 || unit > 0xdfff) return;
    if (unit >= 0xdc00) throw this.broken("invalid utf-16 surrogate pair");
    if (this.bytes.length - this.at < 6) throw this.truncated();
    if (this.bytes[this.at] !== BACKSLASH || this.bytes[this.at + 1] !== LETTER_U) {
      throw this.broken(isSkipped ? "unexpected end of hex escape" : "unexpected end of escaped utf-16 surrogate pair");
    }
    this.at += 2;
    const other = this.codeUnit();
    if (other < 0xdc00 || other > 0xdfff) throw this.broken("invalid utf-16 surrogate pair");
  }

  codeUnit() {
    let unit = 0;
    if (this.bytes.length - this.at < 4) throw this.truncated();
    for (let count = 0; count < 4; count++) {
      const digit = parseInt(String.fromCharCode(this.bytes[this.at++]), 16);
      if (Number.isNaN(digit)) throw this.broken("invalid character in unicode escape");
      unit = unit * 16 + digit;
    }
    return unit;
  }

  number(how) {
    const start = this.at;
    let isInteger = true;
    if (this.bytes[this.at] === MINUS) {
      this.at++;
      if (this.bytes[this.at] === undefined && how !== "skip") throw this.broken("invalid number");
    }
    if (this.bytes[this.at] === ZERO) {
      this.at++;
      if (isDigit(this.bytes[this.at])) throw this.broken("invalid number");
    } else this.digits("invalid character");
    if (this.bytes[this.at] === 0x2e) {
      isInteger = false;
      this.at++;
      this.digits();
    }
    if ((this.bytes[this.at] | 0x20) === 0x65) {
      isInteger = false;
      this.at++;
      if (this.bytes[this.at] === 0x2b || this.bytes[this.at] === MINUS) this.at++;
      this.digits();
    }
    if (how === "skip") return null;
    const text = decoder.decode(this.bytes.subarray(start, this.at));
    if (how === "texts") return new NumberText(text);
    if (isInteger) {
      const length = how === "lenient" ? text.replace("-", "").length : text.length;
      if (length > MOST_DIGITS) throw this.outOfRange("Integer value");
      return BigInt(text);
    }
    const value = Number(text);
    if (!Number.isFinite(value) && how !== "lenient") throw this.outOfRange("Number");
    return value;
  }

  outOfRange(what) {
    return new NotJson("range", `${what} out of range`);
  }

  digits(message = "invalid number") {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at++;
    if (this.at === start) throw this.broken(message);
  }
}

/** The text of a JSON number of a rate card, which no float may touch. */
class NumberText {
  constructor(text) {
    this.text = text;
  }
}

function isDigit(byte) {
  return byte >= 0x30 && byte <= 0x39;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const WORDS = [
  [bytesOf("null"), null],
  [bytesOf("true"), true],
  [bytesOf("false"), false],
];
const ESCAPED = [...bytesOf('"\\/bfnrt')];
const ESCAPES = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

/** JSON of a value inside, as Python writes it: integers in full, floats with a point or an exponent. */
function write(value) {
  if (value instanceof Map)
    return `{${[...value].map(([key, each]) => `${JSON.stringify(key)}:${write(each)}`).join(",")}}`;
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return floatText(value, -5, 16, String);
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  return write(new Map(Object.entries(value)));
}

/** A value inside as a program has it. */
function plain(value) {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === null || typeof value !== "object") return value;
  return plain(new Map(Object.entries(value)));
}

/** What a program has, or the data, as a value inside: every whole number as an integer. */
function inside(value) {
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (value === null || typeof value !== "object") return value;
  return new Map(Object.entries(value).map(([key, each]) => [key, inside(each)]));
}

/** A float with its shortest digits: as a decimal where the point is near them, else with an exponent. */
function floatText(value, least, most, exponentText) {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (value === 0) return `${sign}0.0`;
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = Number(exponent) + 1;
  if (point > most || point <= least) {
    return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${exponentText(point - 1)}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point) || "0"}`;
}

// --------------------------------------------------------------------------------
// Values and words
// --------------------------------------------------------------------------------

const MOST_SHOWN = 200;
const DEEPEST_SHOWN = 32;
const MOST_PARTS_SHOWN = 100_000;
const MOST_BITS = 14_280;

function integer(value) {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : null;
}

/** What a table of the data has under a key that may come from anywhere. */
function own(table, key) {
  return typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;
}

function isEmptyList(value) {
  return Array.isArray(value) && value.length === 0;
}

/** The number of code points. */
function lengthOf(text) {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      length--;
      at++;
    }
  }
  return length;
}

/** The first code points of a text. */
function cut(text, length) {
  return Array.from(text.slice(0, 2 * length))
    .slice(0, length)
    .join("");
}

/** A value as a finding shows it: text cut to 200 characters, a list or an object by its kind. */
function shorten(value) {
  if (typeof value === "string") return escapeLone(cut(value, MOST_SHOWN));
  if (typeof value === "bigint") {
    if (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value) return value;
    const bits = (value < 0n ? -value : value).toString(2).length;
    return bits > MOST_BITS ? `an integer of ${bits} bits` : String(value).slice(0, MOST_SHOWN);
  }
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return "array";
  return value instanceof Map ? "object" : (value ?? null);
}

/** A value of any depth as a report can show it. */
function shown(value, depth = DEEPEST_SHOWN, left = { parts: MOST_PARTS_SHOWN }) {
  left.parts--;
  if (depth && left.parts > 0) {
    if (value instanceof Map) {
      return new Map([...value].map(([key, each]) => [shorten(key), shown(each, depth - 1, left)]));
    }
    if (Array.isArray(value)) return value.map((each) => shown(each, depth - 1, left));
  }
  return typeof value === "string" ? escapeLone(value) : shorten(value);
}

function escapeLone(text) {
  return text.replace(/\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // Python's, not trim's
const BLANKS = new RegExp(`[${BLANK}]+`, "g");
const AROUND = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");
const ALL_BLANK = new RegExp(`^[${BLANK}]+$`);

function strip(text) {
  return text.replace(AROUND, "");
}

function asciiLower(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Unicode's case folding, as far as our words have letters. */
function casefold(text) {
  return Array.from(text, (letter) =>
    letter === "ı" ? letter : letter.toLowerCase().toUpperCase().toLowerCase(),
  ).join("");
}

function bare(word) {
  return casefold(word).replace(/[ \t\r\n_-]/g, "");
}

function isLongerThanAnyWord(text) {
  return lengthOf(text) > 1_000; // putting thousands of accents in order takes quadratic time
}

/** The text with full-width and other variant letters as the ordinary ones. */
function narrow(text) {
  return isLongerThanAnyWord(text) ? text : text.replace(/\p{Nd}(?=\p{No})/gu, "$& ").normalize("NFKC");
}

/** The letters and digits of a name, without case, width and accents: so names and titles are compared everywhere. */
function fold(name) {
  if (isLongerThanAnyWord(name)) return name;
  const text = casefold(narrow(name.replaceAll("°", "º"))).normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return text.normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");
}

function withoutBrackets(name) {
  return name.replace(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|（[^（）]*）|【[^【】]*】/g, " ");
}

/** The first of the words that is the same, or differs in one letter dropped, added, changed or moved; nobody mistypes the first. */
function closest(word, words) {
  const length = lengthOf(word);
  if (length < 3 || length > 40) return null;
  if (!spellings.has(words)) spellings.set(words, spellingsNear(words));
  const { same, near } = spellings.get(words);
  const wanted = bare(word);
  if (same.has(wanted)) return same.get(wanted);
  const places = [...oneLetterLess(wanted)].map((spelling) => near.get(spelling) ?? words.length);
  return words[Math.min(...places)] ?? null;
}

const spellings = new WeakMap();

/** The words by their bare form, and the place of the first one by each spelling with a letter less. */
function spellingsNear(words) {
  const same = new Map();
  const near = new Map();
  words.forEach((word, place) => {
    const letters = bare(word);
    if (!same.has(letters)) same.set(letters, word);
    if (lengthOf(word) < 3) return;
    for (const spelling of oneLetterLess(letters)) if (!near.has(spelling)) near.set(spelling, place);
  });
  return { same, near };
}

function oneLetterLess(word) {
  const letters = Array.from(word);
  return new Set(letters.map((_, at) => letters.filter((_, other) => !at || other !== at).join("")));
}

const PIXELS = /^([0-9]+)x([0-9]+)$/;
const MOST_EDGE_DIGITS = 1000;

/** The edges that a pixel string asks for; very long ones lose the same number of last digits. */
function pixelsOf(size) {
  const match = typeof size === "string" ? PIXELS.exec(size) : null;
  if (!match) return null;
  const edges = match.slice(1).map((digits) => digits.replace(/^0+/, ""));
  const excess = Math.max(edges[0].length, edges[1].length, MOST_EDGE_DIGITS) - MOST_EDGE_DIGITS;
  return edges.map((digits) => (digits ? BigInt(digits.slice(0, Math.max(digits.length - excess, 0)) || "1") : 0n));
}

function ratioOf(word) {
  const match = /^([0-9]{1,9}):([0-9]{1,9})$/.exec(word);
  const edges = match ? match.slice(1).map(BigInt) : [0n];
  return edges.includes(0n) ? null : edges;
}

/** The number of a resolution in small letters, as a ratio. */
function gradeOf(word) {
  const match = /^([0-9]{1,4})(?:\.([0-9]))?k$/.exec(word);
  return match && ratioOf(`${match[1]}${match[2] ?? 0}:10`);
}

function sorted(one, other) {
  return one <= other ? [one, other] : [other, one];
}

/** The key whose two numbers are nearest to one another, the first on a tie. */
function nearestOf(pairs) {
  let best = null;
  for (const [key, one, other] of pairs) {
    const [under, over] = sorted(one, other);
    if (!best || over * best.under < best.over * under) best = { key, over, under };
  }
  return best ? best.key : "";
}

/** The word whose ratio is nearest to that of the edges. */
function nearestRatio([width, height], ratios) {
  return nearestOf([...ratios].map(([word, [a, b]]) => [word, width * b, height * a]));
}

function leastCertain(...certainties) {
  return CERTAINTIES[Math.max(...certainties.map((each) => CERTAINTIES.indexOf(each)))];
}

function pointerTo(field, index = null) {
  if (field === null) return "";
  const pointer = `/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return index === null ? pointer : `${pointer}/${index}`;
}

// --------------------------------------------------------------------------------
// Templates
// --------------------------------------------------------------------------------

/** A value as Python spells it. */
function textOf(value) {
  if (typeof value === "number") {
    return floatText(value, -4, 16, (power) => `${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`);
  }
  return String(value ?? "None");
}

function figureText(value) {
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? value.map(figureText).join(", ") : cut(textOf(value), 80);
}

function listed(words, last = "or") {
  const texts = words.map(figureText);
  return texts.length > 1 ? `${texts.slice(0, -1).join(", ")} ${last} ${texts.at(-1)}` : texts.join("");
}

/** The template filled in; undefined where a figure is not known. */
function fill(template, known) {
  let isComplete = true;
  const text = template.replace(/\{\{|\}\}|\{(\w+)\}/g, (braces, placeholder) => {
    if (!placeholder) return braces[0];
    const name = placeholder.toLowerCase();
    const isChoice = name.endsWith("_or");
    const value = known.get(isChoice ? name.slice(0, -3) : name) ?? null;
    if (value === null) {
      isComplete = false;
      return "";
    }
    const words = isChoice ? listed(value) : figureText(value);
    return placeholder === placeholder.toUpperCase() ? words.toUpperCase() : words;
  });
  return isComplete ? text : undefined;
}

function firstComplete(templates, known) {
  for (const template of templates) {
    const text = fill(template, known);
    if (text !== undefined) return text;
  }
  return null;
}

// --------------------------------------------------------------------------------
// Rules: the rows of the data, for a field
// --------------------------------------------------------------------------------

class Rule {
  constructor(row, field, { id = row.replace("<field>", field ?? ""), kind = "", known = {}, ...otherwise } = {}) {
    const said = DATA.rules[row];
    const { level, certainty, code = null } = merged(said, said.but, [kind, field, id]);
    Object.assign(this, { row, id, kind, level, certainty, code, field: field ?? said.field ?? null, known });
    Object.assign(this, { related: [], variant: null, variants: said.variants ?? {} }, otherwise);
  }

  with(changes) {
    return Object.assign(Object.create(Rule.prototype), this, changes);
  }

  /** As sure as a model's file makes it. */
  surely(file, certainty = null) {
    const sure = file.certainties?.[this.id] ?? certainty ?? this.certainty;
    const most = file.certainty_at_most;
    const variants = Object.entries(this.variants).map(([name, but]) => [
      name,
      { ...but, certainty: leastCertain(sure, but.certainty ?? sure, most) },
    ]);
    return this.with({ certainty: leastCertain(sure, most), variants: Object.fromEntries(variants) });
  }

  /** As it reads for some values. */
  as(variant) {
    const but = variant === null ? undefined : this.variants[variant];
    if (!but) return this;
    const { level = this.level, certainty = this.certainty, code = this.code } = but;
    return this.with({ level, certainty, code, variant });
  }

  find(value = null, { name = this.field, index = null, patch = null, ...params } = {}) {
    const figures = new Map(Object.entries(params).map(([key, figure]) => [key, shown(counted(figure))]));
    return new Found(this, { field: name, value: shorten(value), index, patch, figures });
  }

  /** Message and hints in a language: the row's, what it says otherwise of the field, and of the value. */
  texts(language) {
    const row = language === "en" ? DATA.rules[this.row] : DATA.messages[language].rules[this.row];
    return merged(merged(row, row.but, [this.kind, this.field, this.id]), row.variants, [this.variant]);
  }
}

function merged(row, but = {}, names) {
  return names.reduce((one, name) => (name && Object.hasOwn(but, name) ? { ...one, ...but[name] } : one), row);
}

/** Numbers of our own are integers. */
function counted(figure) {
  if (Array.isArray(figure)) return figure.map(counted);
  return typeof figure === "number" ? BigInt(figure) : figure;
}

/** A finding, which says in any language what it says. */
class Found {
  constructor(rule, { field, value, index, patch, figures }) {
    Object.assign(this, { rule, field, value, index, patch, figures });
  }

  in(language) {
    const { rule, field, value, figures } = this;
    const { texts = {}, expected = DATA.expected } = DATA.messages[language] ?? {};
    const label = own(DATA.labels[language] ?? {}, field);
    const named = label ? `${field}（${label}）` : field;
    const known = new Map([
      ["value", value],
      ["name", field],
      ["field", named],
      ["expected", rule.known.expected ? expected[rule.known.expected] : null],
      ["optional", rule.known.optional ? named : null],
    ]);
    for (const [name, figure] of figures) known.set(name, translated(texts, figure));
    const { message, hints = [] } = rule.texts(language);
    return {
      rule: rule.id,
      level: rule.level,
      certainty: rule.certainty,
      code: rule.code === null ? null : BigInt(rule.code),
      field,
      pointer: pointerTo(field, this.index),
      related: rule.related,
      message: fill(message, known) ?? "",
      hint: firstComplete(hints, known),
      patch: this.patch,
      value,
      params: figures,
    };
  }
}

/** A figure in another language; of what the JSON reader says no more than the place at its end. */
function translated(texts, figure) {
  const [, place] = /\(byte (\d+)\)$/.exec(figure) ?? [];
  const said = own(texts, place ? "at {place}" : figure);
  return said?.replace("{place}", place) ?? figure;
}

// --------------------------------------------------------------------------------
// Models: what follows from a model's file
// --------------------------------------------------------------------------------

const ADDRESSES = ".addresses";

class Model {
  constructor(file) {
    this.file = file;
    this.id = file.id;
    this.fields = new Map(Object.entries(file.fields).map(([name, field]) => [name, fieldOf(field)]));
    this.names = new Set(["model", ...this.fields.keys()]);
    this.required = [...this.fields].filter(([, field]) => field.required).map(([name]) => name);
    this.roles = Object.fromEntries(
      [...this.fields].filter(([, field]) => field.role).map(([name, { role }]) => [role, name]),
    );
    this.constraints = (file.constraints ?? []).map(constraintOf);
    this.unsupported = new Map(Object.entries(file.unsupported ?? {}));
    const { key, images = null, by_axes_alone: byAxesAlone = false, not_published_when: unpublished = [] } = file.price;
    this.price = { key, images, byAxesAlone, notPublishedWhen: unpublished.map(conditionsOf) };
    this.priceFields = [...key.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
    this.pixels = new Map(); // by word and tier, in the file's order
    for (const [word, row] of Object.entries(file.pixels ?? {})) {
      for (const [tier, text] of Object.entries(row))
        this.pixels.set(`${word} ${tier}`, { word, tier, edges: pixelsOf(text) });
    }
    this.ratios = this.#ratios();
    this.spellings = new Map(
      [...this.fields].filter(([, { words }]) => words.length).map(([name, field]) => [name, spellingsOf(field)]),
    );
    this.lowerWords = new Map(
      [...this.fields].map(([name, { choices }]) => [name, new Map(choices.map((word) => [asciiLower(word), word]))]),
    );
    const conditions = [
      ...this.constraints.flatMap(({ when, then }) => [when, then ?? new Map()]),
      ...this.price.notPublishedWhen,
    ];
    this.conditionWords = new Map(
      [...this.fields]
        .filter(([, field]) => field.any_case)
        .map(([name]) => [
          name,
          new Map(conditions.flatMap((each) => each.get(name)?.words ?? []).map((word) => [asciiLower(word), word])),
        ]),
    );
    const read = [...this.constraints.map(({ blames }) => blames), ...conditions.flatMap((each) => [...each.keys()])];
    this.readAcross = [...this.fields.keys()].filter((name) => read.includes(name));
    this.places = new Map(this.#order().map((place, at) => [place, at]));
    this.fieldsMeant = this.#fieldsMeant();
    this.namesMeant = [...this.fieldsMeant.keys()];
    this.rules = new Map();
  }

  /** The proportions of each shape word that has any. */
  #ratios() {
    const found = (this.field("shape")?.choices ?? []).map((word) => [
      word,
      ratioOf(word) ?? [...this.pixels.values()].find((each) => each.word === word)?.edges,
    ]);
    return new Map(found.filter(([, ratio]) => ratio));
  }

  /** The order of the checks: a field's name, its addresses, or the rule of a constraint. */
  #order() {
    if (this.file.order?.length) return this.file.order;
    return [...this.fields.keys()].flatMap((name) => [
      name,
      name + ADDRESSES,
      ...this.constraints.filter(({ blames }) => blames === name).map(({ rule }) => rule),
    ]);
  }

  #fieldsMeant() {
    const found = new Map([...this.names].map((name) => [fold(name), name]));
    for (const name of this.names) {
      const known = name === "model" ? name : (this.fields.get(name).role ?? name);
      for (const alias of own(DATA.aliases, known) ?? []) if (!found.has(alias)) found.set(alias, name);
    }
    return found;
  }

  field(role) {
    return this.fields.get(this.roles[role]);
  }

  words(role) {
    return this.field(role)?.words ?? [];
  }

  /** The word of a field that a value is, in the file's spelling. */
  word(name, value) {
    const spellings = typeof value === "string" ? this.spellings.get(name) : undefined;
    const found = spellings?.get(value);
    return found ?? (this.fields.get(name).any_case ? spellings?.get(asciiLower(value)) : undefined) ?? null;
  }

  isOptional(name) {
    return this.fields.has(name) && !this.fields.get(name).required;
  }

  certainty(best) {
    return leastCertain(best, this.file.certainty_at_most);
  }

  at(word, tier) {
    return this.pixels.get(`${word} ${tier}`)?.edges ?? null;
  }

  ratiosAt(tier) {
    return [...this.ratios.keys()].filter((word) => this.at(word, tier));
  }

  /** Whether the model takes a shape at a tier, as far as its constraints across both say. */
  takes(shape, tier) {
    const values = new Map(
      [
        ["shape", shape],
        ["tier", tier],
      ]
        .filter(([role]) => this.roles[role])
        .map(([role, value]) => [this.roles[role], value]),
    );
    return !this.constraints.some(
      (each) => each.level === "error" && each.reads.every((name) => values.has(name)) && each.isBroken(values),
    );
  }

  cell(words) {
    return this.price.key.replace(/\{([^{}]*)\}/g, (_, name) => words[name]);
  }

  billedWords(name) {
    const { words, billsAs } = this.fields.get(name);
    return words.filter((word) => !billsAs.has(word));
  }

  /** The rule of a check of a field, or of a whole row, as sure as the file makes it. */
  rule(check, field = null) {
    const id = field === null ? check : `${field}.${check}`;
    if (!this.rules.has(id)) this.rules.set(id, this.#make(check, field));
    return this.rules.get(id);
  }

  #make(check, field) {
    if (field === null) return new Rule(check, null).surely(this.file);
    const { kind, required, warns } = this.fields.get(field);
    const rule = new Rule(`<field>.${check}`, field, { kind, known: { expected: kind, optional: !required } }).surely(
      this.file,
    );
    return warns.includes(check) ? rule.with({ level: "warning", code: null }) : rule;
  }

  constraintRule(constraint) {
    const { rule: id, blames, level, certainty, reads, check } = constraint;
    const key = `constraint ${id}`;
    if (!this.rules.has(key)) {
      const rule = new Rule(`<field>.${check}`, blames, { id, kind: this.fields.get(blames).kind }).surely(
        this.file,
        certainty,
      );
      const related = reads.filter((name) => name !== blames).map((name) => pointerTo(name));
      this.rules.set(key, rule.with({ level, code: level === "error" ? rule.code : null, related }));
    }
    return this.rules.get(key);
  }
}

function fieldOf(field) {
  return {
    role: null,
    required: false,
    words: [],
    any_case: false,
    default_certain: true,
    pixel_strings: false,
    min_length: null,
    max_length: null,
    min_items: null,
    max_items: null,
    mirrors: null,
    downgraded: [],
    choices: field.words ?? field.offers ?? [],
    warns: [],
    notes: [],
    ...field,
    minimum: inside(field.minimum ?? null),
    maximum: inside(field.maximum ?? null),
    default: inside(field.default),
    billsAs: new Map(Object.entries(field.bills_as ?? {})),
    hasAddresses: field.kind === "url" || field.kind === "urls",
  };
}

function spellingsOf({ words, any_case: anyCase }) {
  return new Map([
    ...(anyCase ? words.map((word) => [asciiLower(word), word]) : []),
    ...words.map((word) => [word, word]),
  ]);
}

class Condition {
  constructor({ is = null, is_not: isNot = null, given = null, at_most: atMost = null } = {}) {
    this.is = is?.map(inside) ?? null;
    this.isNot = isNot?.map(inside) ?? null;
    this.given = given;
    this.atMost = inside(atMost);
    this.words = [...(this.is ?? []), ...(this.isNot ?? [])];
  }

  holds(value = null) {
    if (this.given !== null && this.given !== (value !== null)) return false;
    if (this.is && !this.is.includes(value)) return false;
    if (this.isNot?.includes(value)) return false;
    const isNumber = typeof value === "bigint" || typeof value === "number";
    return !(this.atMost !== null && isNumber && value > this.atMost);
  }
}

function conditionsOf(conditions) {
  return new Map(Object.entries(conditions).map(([name, each]) => [name, new Condition(each)]));
}

function constraintOf({ rule, blames, when, then, level = "error", certainty = "documented", despite = [] }) {
  const [needed, asked] = [conditionsOf(when), then && conditionsOf(then)];
  const own = `${rule.slice(blames.length + 1)}_`;
  const holds = (conditions, values) => [...conditions].every(([name, each]) => each.holds(values.get(name)));
  return {
    rule,
    blames,
    level,
    certainty,
    despite,
    when: needed,
    then: asked,
    reads: [...new Set([blames, ...needed.keys(), ...(asked?.keys() ?? [])])],
    check: ["required", "not_with", "needs"].find((name) => own.startsWith(`${name}_`)),
    isBroken: (values) => holds(needed, values) && !(asked && holds(asked, values)),
  };
}

const MODELS = new Map(DATA.models.map((file) => [file.id, new Model(file)]));
const ALL_NAMES = new Set([...MODELS.values()].flatMap(({ names }) => [...names]));
const KNOWN_IDS = new Map(DATA.known_ids.ids.flatMap(([endpoint, ids]) => ids.map((id) => [id, endpoint])));
const HINTS = {
  ...DATA.hints,
  kinds: inverted(DATA.hints.kinds),
  nearNames: inverted(DATA.hints.near_names),
  byValue: inverted(DATA.hints.by_value),
  namesOfNumber: ["n", ...DATA.aliases.number],
  near: mapsOf(DATA.hints.near),
};

// --------------------------------------------------------------------------------
// Spellings of words, ratios, sizes in pixels and numbers
// --------------------------------------------------------------------------------

/** What each text means, of tables with the texts of each meaning. */
function inverted(table) {
  return new Map(Object.entries(table).flatMap(([meant, texts]) => texts.map((text) => [text, meant])));
}

function mapsOf(tables) {
  return new Map(Object.entries(tables).map(([name, table]) => [name, inverted(table)]));
}

function anyOf(words) {
  const byLength = [...words].sort((one, other) => other.length - one.length);
  return byLength.map((word) => word.replace(/[\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
}

const [SPELT, SENT] = [DATA.spellings.words, DATA.spellings.sent].map(mapsOf);
const SIGNS = new Map(Object.entries(DATA.spellings.signs));
const NUMBERS = inverted(DATA.spellings.numbers);
const KINDS = new Map(
  DATA.spellings.beside.flatMap(([meant, texts]) => (meant[1] ? [] : texts.map((text) => [text, meant[0]]))),
);
const MARKERS = new Set(DATA.spellings.markers);
const [BEFORE, UNITS] = [DATA.spellings.units[0], DATA.spellings.units.flat()].map((words) => new Set(words));

const SHORTEST_EDGE = 64; // no image has shorter edges; two shorter ones are a ratio
const WHOLE = 10_000; // the numbers of ratios have four decimals at most
const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
const LETTERS = `${LETTER}+`;
const EDGE = "([0-9]{1,2}['’ ][0-9]{3}|[0-9]{1,5}(?:[.,][0-9]{1,4})?)(?: ?(?:px|pixels?|像素)(?![a-wyz]))?";
const COLONS = anyOf(DATA.spellings.colons);
const [WIDTH, HEIGHT] = ["width", "height"].map((edge) => {
  const name = `(?:${anyOf(DATA.spellings.edges[edge])})`;
  return `(?:${name} ?)?${EDGE}(?: ?\\(?${name}\\)?(?![a-wyz]))?`;
});
const ONE_EDGE = new RegExp(`^${EDGE}$`, "u");
const RATIO = /^[1-9][0-9]{0,8}:[1-9][0-9]{0,8}$/;
const PAIR = new RegExp(`(?<![0-9.,])${WIDTH} ?(x|:|/|_|${COLONS}) ?${HEIGHT}(?![0-9])`, "gu");
const IN_LETTERS = anyOf(NUMBERS.keys());
const SPOKEN = new RegExp(`(?<!${LETTER})(${IN_LETTERS}) ?(?:${COLONS}) ?(${IN_LETTERS})(?!${LETTER})`, "gu");
const SAYING = new RegExp(`([0-9]+(?:\\.[0-9]+)? ?k(?![a-z0-9]))|([0-9]{3,4}(?:p(?![\\p{L}\\p{N}_]))?|${LETTERS})`, "gu");
const COUNTED = new RegExp(`[0-9]{1,9}|${LETTERS}`, "gu");
const PICTURES = new RegExp(DATA.spellings.pictures, "gu");
const SIGN = new RegExp(`[${[...SIGNS.keys()].join("")}]`, "gu");

/** A text in small letters, without pictures and markers, and with common signs for others of their kind. */
function plainly(text) {
  const signed = casefold(narrow(text)).replace(SIGN, (sign) => SIGNS.get(sign)).replace(PICTURES, " ");
  const said = signed.replace(/[(\[]([^()[\]]*)[)\]]/g, (whole, part) => (MARKERS.has(strip(part)) ? " " : whole));
  return said.replace(BLANKS, " ").replace(/^[’\x22\x27 ]+|[’\x22\x27 ]+$/g, "");
}

/** What takes words apart that are written without blanks between them, as in Chinese. */
function apartBy(known) {
  const joined = new RegExp(anyOf([...known].filter((word) => /[^\0-\x7f]/.test(word))), "gu");
  return (run) => {
    const parts = new Set(known).has(run) ? [run] : (run.match(joined) ?? []);
    return parts.join("").length === run.length ? parts : [run];
  };
}

const countedApart = apartBy([...UNITS, ...NUMBERS.keys()]);

/** The words that may be beside a ratio or a resolution, and what they say of it. */
function besideOf(meanings) {
  const said = new Map();
  for (const [meant, texts] of meanings) {
    for (const part of new Set(texts.join(" ").split(" "))) said.set(part, [...(said.get(part) ?? []), ...meant]);
  }
  return { said, apart: apartBy([...said.keys()]) };
}

const IN_BODIES = besideOf(DATA.spellings.beside);

/** The word of a field, by those in lower case, that a text spells; or a size in pixels where it has them. */
function wordSpelt(role, text, words, hasPixels, beside = IN_BODIES) {
  if (lengthOf(text) > LONGEST_WORD) return null;
  const plain = plainly(text);
  let meant = SPELT.get(role)?.get(plain) ?? (beside === IN_BODIES ? SENT.get(role)?.get(plain) : null) ?? agreed(role, plain);
  if (meant === null && role === "shape") {
    const [shape, tier] = shapeSpelt(plain, words, beside, hasPixels);
    return tier === null ? shape : null;
  }
  if (meant === null && role === "tier") meant = tierSpelt(plain, beside);
  return words.get(meant) ?? null;
}

/** The word that each part of a text spells, as in two languages. */
function agreed(role, plain) {
  const [known, neutral] = [SPELT.get(role) ?? new Map(), own(DATA.spellings.neutral, role) ?? []];
  const pieces = plain.split(/[()[\]/|,;·:_-]/).map((piece) => piece.replace(/^[ .]+|[ .]+$/g, ""));
  const parts = pieces.flatMap((piece) => (known.has(piece) ? [piece] : piece.split(" ").filter(Boolean)));
  const meant = new Set(parts.filter((part) => !neutral.includes(part)).map((part) => known.get(part) ?? null));
  return meant.size === 1 && new Set(parts).size === parts.length ? [...meant][0] : null;
}

/** The resolution among words that say the same of it. */
function tierSpelt(plain, beside) {
  const [tiers, said] = saidIn(plain, beside);
  return tiers.length === 1 && said.every((each) => each.includes(tiers[0])) ? tiers[0] : null;
}

/** The ratio or the size among words that say the same of it, and the resolution beside it. */
function shapeSpelt(plain, words, beside, hasPixels) {
  const text = plain.replace(SPOKEN, (_, one, other) => `${NUMBERS.get(one)}:${NUMBERS.get(other)}`);
  const pairs = [...text.matchAll(PAIR)];
  const [tiers, said] = saidIn(text.replace(PAIR, " "), beside);
  if (tiers.length > 1) return [null, null];
  if (!pairs.length) {
    const kinds = ["landscape", "portrait", "square"].filter((kind) => said.every((each) => each.includes(kind)));
    return [(!tiers.length && String(kinds) === "square" && words.get("1:1")) || null, null];
  }
  const found = pairs.map((pair) => sizeOfPair(pair, words));
  if (found.includes(null)) return [null, null];
  const sizes = [...new Set(found)];
  const [ratios, edges] = [":", "x"].map((sign) => sizes.filter((size) => size.includes(sign)));
  const isTwo = ratios.length > 1 || edges.length > 1;
  if (isTwo || (ratios.length && edges.length && !isSizeOf(edges[0], ratios[0]))) return [null, null];
  const kinds = [kindOfSize([...ratios, ...edges][0]), ...tiers];
  if (!said.every((each) => each.some((kind) => kinds.includes(kind)))) return [null, null];
  const taken = sizes.map((size) => words.get(size) ?? (hasPixels && size.includes("x") ? size : null));
  return [taken.find((size) => size !== null) ?? null, tiers[0] ?? null];
}

/** The word of a ratio, or the pixels, that two numbers are. */
function sizeOfPair([, first, , second], words) {
  const edges = [first, second].map((part) => edgeOf(part) ?? 0);
  if (Math.min(...edges) >= SHORTEST_EDGE) return edges.join("x");
  const [one, other] = [first, second].map(scaled);
  if (!one || !other || [first, second].some((part) => /^0[0-9]/.test(part))) return null;
  const given = `${one / WHOLE}:${other / WHOLE}`;
  if (words.has(given)) return given;
  const decimals = Math.max(...[first, second].map((part) => part.split(/[.,]/)[1]?.length ?? 0));
  let near = other === WHOLE ? rounded(one, decimals, words.keys()) : null;
  if (one === WHOLE) near = rounded(other, decimals, words.keys(), true);
  const divisor = divisorOf(one, other);
  return near ?? `${one / divisor}:${other / divisor}`;
}

/** The one ratio that is a number, given as ten-thousandths, or that gives it when rounded to so many decimals. */
function rounded(value, decimals, words, isInverse = false) {
  const margin = decimals >= 2 ? Math.floor(WHOLE / 10 ** decimals) : 0;
  const found = [...words].filter((word) => {
    const [a, b] = RATIO.test(word) ? word.split(":").map(Number) : [0, 0];
    const [one, other] = isInverse ? [b, a] : [a, b];
    return one && 2 * Math.abs(one * WHOLE - other * value) <= other * margin;
  });
  return found.length === 1 ? found[0] : null;
}

function divisorOf(one, other) {
  return other ? divisorOf(other, one % other) : one;
}

/** The resolutions in a text, and what each of its words says; nothing fits what an unknown one says. */
function saidIn(rest, { said, apart }) {
  const found = [...rest.matchAll(SAYING)];
  const tiers = found.filter(([, tier]) => tier).map(([, tier]) => tier.replaceAll(" ", "").replaceAll(".0", ""));
  const parts = found.filter(([, , word]) => word).flatMap(([word]) => apart(word));
  const isMore = rest.replace(SAYING, "").replace(/[ ()[\],;/|.·:_=@-]/g, "");
  return [tiers, [...parts.map((part) => said.get(part) ?? [part]), ...(isMore ? [[]] : [])]];
}

/** A whole number of pixels; a sign before three digits is one of thousands. */
function edgeOf(text) {
  const [isEdge, thousands, rest, plain] = /^([0-9]{1,2})[.,'’ ]([0-9]{3})$|^([0-9]{1,5})(?:[.,]0+)?$/.exec(text) ?? [];
  return isEdge === undefined ? null : Number(plain ?? thousands + rest);
}

/** A number with at most four decimals in ten-thousandths. */
function scaled(text) {
  const [whole, decimals = ""] = text.replace(/['’ ]/g, "").replace(",", ".").split(".");
  return Number(whole + decimals.padEnd(4, "0"));
}

function isSizeOf(size, word) {
  const [[width, height], [a, b]] = [size.split("x").map(Number), word.split(":").map(Number)];
  return Math.abs(width * b - height * a) * 200 <= height * a;
}

function kindOfSize(size) {
  const [width, height] = size.split(/[:x]/).map(Number);
  return width > height ? "landscape" : width < height ? "portrait" : "square";
}

/** The two numbers of a ratio or a size that a text is, both times the same. */
function sidesSpelt(text) {
  const plain = lengthOf(text) > LONGEST_WORD ? "" : plainly(text);
  const [pair] = plain.matchAll(PAIR);
  if (pair?.[0] !== plain) return null;
  const sides = [pair[1], pair[3]].map((part) => (edgeOf(part) === null ? scaled(part) : edgeOf(part) * WHOLE));
  return sides.includes(0) ? null : sides.map(BigInt);
}

/** The number of images that a text with a unit or in letters gives. */
function numberSpelt(text) {
  const plain = lengthOf(text) > LONGEST_WORD ? "" : plainly(text);
  if (NUMBERS.has(plain)) return Number(NUMBERS.get(plain));
  const parts = (plain.match(COUNTED) ?? []).flatMap(countedApart);
  const digits = parts.filter((part) => part >= 0);
  const spoken = parts.filter((part) => NUMBERS.has(part) && !(digits.length && UNITS.has(part)));
  const counted = [...digits, ...spoken];
  const first = parts.findIndex((part) => counted.includes(part)); // image 2 is one of several
  const isKnown = parts.every((part, at) => counted.includes(part) || (at < first ? BEFORE : UNITS).has(part));
  if (!isKnown || digits[1] || spoken[1] || /[^ ().:=[\]]/.test(plain.replace(COUNTED, ""))) return null;
  const found = new Set(counted.map((part) => Number(NUMBERS.get(part) ?? part)));
  return found.size === 1 ? [...found][0] : null;
}

/** What readers of cells need of this. */
const spelling = {
  learn: (placements) => (spelling.beside = besideOf([...DATA.spellings.beside, placements])),
  word: (role, text, words, hasPixels) => wordSpelt(role, text, words, hasPixels, spelling.beside),
  number: numberSpelt,
  plainly,
  edgeOf,
  COUNTED,
  KINDS,
  ONE_EDGE,
  UNITS,
};

// --------------------------------------------------------------------------------
// URLs, judged by plain text
// --------------------------------------------------------------------------------

const BETWEEN = `${String.fromCharCode(...Array(0x21).keys())},;|\uff0c\uff1b\u3001`;
const BAD_CHARACTERS = /[\0-\x20\x7f-\xa0\u2028\u2029\u3000]/;
const BAD_SCHEME = /^(?:h[tx]{1,2}ps?:?\/{0,2}|\/\/|(?=www\.))((?:[a-z0-9-]{1,63}\.){1,126}[a-z]+(?:[/?#][!-~]*)?)$/i;
const PRIVATE_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map((network) => {
  const [address, length] = network.split("/");
  return [v4Of(address.split(".")), 32n - BigInt(length)];
});
const PRIVATE_V6 = [
  [0n, 0n],
  [1n, 0n],
  [0xfc00n << 112n, 121n],
  [0xfe80n << 112n, 118n],
  [0xff00n << 112n, 120n],
  [0x20010db8n << 96n, 96n],
];

function urlFault(url) {
  if (/^data:/i.test(stripUrl(url))) return "data_uri";
  return splitUrl(url)[0] ? null : "not_http";
}

function stripUrl(url) {
  return url.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "");
}

/** The host and what follows it in the authority. */
function splitUrl(url) {
  const match = /^https?:\/\/([^/?#\\]*)/i.exec(stripUrl(url));
  if (!match) return ["", ""];
  const authority = match[1].slice(match[1].lastIndexOf("@") + 1);
  const length = authority.startsWith("[")
    ? authority.indexOf("]") + 1 || authority.length
    : (authority + ":").indexOf(":");
  return [authority.slice(0, length), authority.slice(length)];
}

/** The URLs that a text lists, at blanks, commas, semicolons, bars or 、; none where that may be read otherwise. */
function apart(text) {
  const whole = stripUrl(text);
  const starts = [...whole.matchAll(/https?:\/\//gi)]
    .map(({ index }) => index)
    .filter((at) => !at || BETWEEN.includes(whole[at - 1]));
  const parts = starts.map((at, index) => {
    let end = starts[index + 1] ?? whole.length;
    if (index < starts.length - 1) while (BETWEEN.includes(whole[end - 1])) end--;
    return whole.slice(at, end);
  });
  const isSure = parts.every(
    (part) => splitUrl(part)[0] && !BETWEEN.includes(part.at(-1)) && !part.includes("|") && !BAD_CHARACTERS.test(part),
  );
  const hasInner = parts.length > 1 && parts.some((part) => part.slice("https://".length).includes("://"));
  return starts[0] === 0 && isSure && !hasInner ? parts : [];
}

function malformation(url) {
  const [host, rest] = splitUrl(url);
  if (apart(url).length > 1) return "several URLs in one text";
  if (BAD_CHARACTERS.test(url)) return "white space or a control character in it";
  if (host.startsWith("[") && !host.endsWith("]")) return "the bracket of the host is not closed";
  const port = /^:(?:0*([0-9]{1,5}))?$/.exec(rest);
  return rest && !(port && Number(port[1] ?? 0) <= 65_535) ? "no port from 0 to 65535 after the host" : null;
}

function withScheme(text) {
  const match = BAD_SCHEME.exec(stripUrl(text));
  return match ? `https://${match[1]}` : null;
}

function isPrivate(host) {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name.startsWith("[")) return name.endsWith("]") && isPrivateV6(name.slice(1, -1));
  if (!name.includes(".")) return !name.includes("[") && !name.includes("]");
  if (/^[0-9.]+$/.test(name)) {
    const parts = name.split(".").map((part) => part.replace(/^0+/, "") || part.slice(0, 1));
    const isQuad =
      parts.length === 4 && parts.every((part) => part.length >= 1 && part.length <= 3 && Number(part) <= 255);
    return !isQuad || isIn(v4Of(parts), PRIVATE_V4);
  }
  return [".localhost", ".local", ".internal"].some((suffix) => name.endsWith(suffix));
}

function v4Of(parts) {
  return parts.reduce((address, part) => (address << 8n) | BigInt(part), 0n);
}

function isIn(address, networks) {
  return networks.some(([network, bits]) => address >> bits === network >> bits);
}

function isPrivateV6(text) {
  const [name, scope, ...more] = text.split("%");
  if (scope === "" || more.length) return false;
  const address = v6Of(name);
  if (address === null) return false;
  return address >> 32n === 0xffffn ? isIn(address & 0xffffffffn, PRIVATE_V4) : isIn(address, PRIVATE_V6);
}

/** An IPv6 address as a number; null for what is none. */
function v6Of(text) {
  let parts = text.split(":");
  if (parts.length < 3) return null;
  if (parts.at(-1).includes(".")) {
    const quad = parts.pop().split(".");
    if (quad.length !== 4 || !quad.every((each) => /^(0|[1-9][0-9]{0,2})$/.test(each) && Number(each) <= 255))
      return null;
    const address = v4Of(quad);
    parts.push((address >> 16n).toString(16), (address & 0xffffn).toString(16));
  }
  if (parts.length > 9) return null;
  const gaps = parts.map((part, at) => at).filter((at) => at > 0 && at < parts.length - 1 && !parts[at]);
  if (gaps.length > 1) return null;
  const [isOpen, isOpenEnded] = [!parts[0], !parts.at(-1)];
  if (gaps.length) {
    let before = gaps[0];
    let after = parts.length - gaps[0] - 1;
    if (isOpen && --before) return null; // ^: requires ^::
    if (isOpenEnded && --after) return null; // :$ requires ::$
    if (8 - before - after < 1) return null;
    const zeros = Array(8 - before - after).fill("0");
    parts = [...parts.slice(0, before), ...zeros, ...(after ? parts.slice(-after) : [])];
  } else if (parts.length !== 8 || isOpen || isOpenEnded) return null;
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  return parts.reduce((address, part) => (address << 16n) | BigInt(`0x${part}`), 0n);
}

// --------------------------------------------------------------------------------
// The body: is there an object, which model does it name, what do that model's fields hold?
// --------------------------------------------------------------------------------

/** Why a body can't be judged: the id of a rule, the value found instead, and what the reader said. */
class Unreadable {
  constructor(rule, value = null, detail = null) {
    Object.assign(this, { rule, value, detail });
  }
}

/** A body that is an object: JSON text whose values are decoded when they are asked for. */
class Body {
  constructor(bytes) {
    this.bytes = bytes;
    const pairs = new Reader(bytes).pairs(new Set(["model"]));
    if (!pairs) throw new NotJson("object");
    this.pairs = pairs;
    this.places = new Map(pairs.map(([name, start, end]) => [name, bytes.subarray(start, end)]));
    this.model = pairs.findLast(([name]) => name === "model")?.[3] ?? null;
  }

  /** The fields that are given among those of a model, all with every repetition read. */
  given(names) {
    const given = new Map();
    for (const [name, start, end] of this.pairs) {
      if (names.has(name)) given.set(name, new Reader(this.bytes.subarray(start, end)).whole("decode"));
    }
    return given;
  }

  /** Every key with its value, which is empty for a list or an object. */
  *items() {
    for (const [name, bytes] of this.places) yield { name, value: peeked(bytes) };
  }

  full(name) {
    const bytes = this.places.get(name);
    return bytes ? fullOf(bytes) : null;
  }

  whole() {
    return new Map([...this.places].map(([name, bytes]) => [name, fullOf(bytes)]));
  }
}

function peeked(bytes) {
  if (bytes[0] === OPEN_LIST) return [];
  return bytes[0] === OPEN ? new Map() : fullOf(bytes);
}

function fullOf(bytes) {
  try {
    return new Reader(bytes).whole("decode");
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return bytes[0] === OPEN_LIST || bytes[0] === OPEN ? peeked(bytes) : decoder.decode(bytes); // a number out of range
  }
}

/** The same of values that we have, for questions without a body. */
class Values {
  constructor(values) {
    this.values = values;
    this.model = values.get("model") ?? null;
  }

  given(names) {
    return new Map([...this.values].filter(([name]) => names.has(name)));
  }

  *items() {
    for (const [name, value] of this.values) yield { name, value };
  }

  full(name) {
    return this.values.get(name) ?? null;
  }
}

/** What a caller hands in, as UTF-8 without a byte-order mark, or why there is none. */
function bytesOfBody(body) {
  let bytes;
  let text = body;
  try {
    // a proxy, a buffer that was handed on, and what has a toJSON may throw anything
    if (body instanceof ArrayBuffer) bytes = new Uint8Array(body);
    else if (ArrayBuffer.isView(body)) bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    else if (typeof body !== "string") text = JSON.stringify(body);
  } catch (error) {
    return new Unreadable("body.unreadable", null, `reading it raised ${errorName(error)}`);
  }
  if (!bytes) {
    if (text === undefined) return new Unreadable("body.object", typeof body);
    if (/\p{Surrogate}/u.test(text)) return new Unreadable("body.json", null, NOT_UTF8);
    bytes = bytesOf(text);
  }
  try {
    if (bytes.some((byte) => byte > 0x7f)) strictDecoder.decode(bytes);
  } catch {
    return new Unreadable("body.json", null, NOT_UTF8);
  }
  const isMarked = (at) => bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
  return isMarked(0) && !isMarked(3) ? bytes.subarray(3) : bytes;
}

/** What an error calls itself, which may be anything. */
function errorName(error) {
  try {
    return `${error?.name ?? "an error"}`;
  } catch {
    return "an error";
  }
}

/** Why there is no object: bad syntax, another value, or something that only a decoder gives up on. */
function unreadable(bytes, error) {
  if (error.kind === "object" || error.kind === "range") {
    try {
      new Reader(bytes).whole("skip");
      const isList = new Reader(bytes).peek() === OPEN_LIST;
      return new Unreadable("body.object", isList ? [] : new Reader(bytes).whole("decode")); // of a list nothing is said
    } catch (broken) {
      error = broken;
    }
  }
  if (error.kind === "malformed" && !hasSurrogates(bytes)) return new Unreadable("body.json", null, error.message);
  let value;
  try {
    value = new Reader(bytes).whole("lenient");
  } catch (lenient) {
    if (lenient.kind === "malformed") return new Unreadable("body.json", null, error.message);
    return new Unreadable("body.unreadable", null, lenient.kind === "deep" ? TOO_DEEP : error.message);
  }
  return value instanceof Map
    ? new Unreadable("body.unreadable", null, error.message)
    : new Unreadable("body.object", value);
}

function hasSurrogates(bytes) {
  return bytes.some((byte, at) => byte === BACKSLASH && bytes[at + 1] === LETTER_U && (bytes[at + 2] | 0x20) === 0x64);
}

// --------------------------------------------------------------------------------
// The verdict: every fault of a request, field by field and across, in the file's order
// --------------------------------------------------------------------------------

const CHECKS = {
  text:
    ({ min_length: least, max_length: most }) =>
    (value) => {
      if (typeof value !== "string") return "type";
      if (most !== null && value.length > most && lengthOf(value) > most) return "max_length";
      return least !== null && value.length < least ? "min_length" : null;
    },
  word: checkOfWord,
  size: checkOfWord,
  integer: (field) => (value) => checkOfNumber(integer(value), field),
  number: (field) => (value) => checkOfNumber(value, field),
  boolean: () => (value) => (typeof value === "boolean" ? null : "type"),
  url: () => (value) => (typeof value === "string" ? null : "type"),
  urls:
    ({ min_items: least, max_items: most }) =>
    (value) => {
      if (!Array.isArray(value)) return "type";
      if (most !== null && value.length > most) return "max_items";
      return least !== null && value.length < least ? "min_items" : null;
    },
  list: () => (value) => (Array.isArray(value) ? null : "type"),
  object: () => (value) => (value instanceof Map ? null : "type"),
};

function checkOfWord(field) {
  const spellings = spellingsOf(field);
  return (value) => {
    if (typeof value !== "string") return "type";
    if (spellings.has(value) || (field.any_case && spellings.has(asciiLower(value)))) return null;
    return field.pixel_strings && PIXELS.test(value) ? null : "unknown";
  };
}

function checkOfNumber(value, { minimum, maximum }) {
  if (typeof value !== "bigint" && typeof value !== "number") return "type";
  return (minimum === null || value >= minimum) && (maximum === null || value <= maximum) ? null : "range";
}

function judge(given, model) {
  const found = new Map();
  const fault = (check, field, value, index = null) => ({
    rule: model.rule(check, field),
    check,
    field,
    value,
    index,
    constraint: null,
  });
  for (const name of model.required) {
    const value = given.get(name) ?? null;
    if (value === null || value === "") found.set(name, [fault("required", name, value)]);
  }
  for (const [name, value] of given) {
    const field = model.fields.get(name);
    if (!field || value === null || (value === "" && (field.required || field.kind === "url"))) continue;
    if (!field.check) field.check = CHECKS[field.kind](field);
    const check = field.check(value);
    if (check) found.set(name, [fault(check, name, value)]);
    if (field.hasAddresses) {
      const faults = addressesOf(field, value).flatMap(([index, entry]) => {
        const wrong = typeof entry === "string" ? urlFault(entry) : "item_type";
        return wrong ? [fault(wrong, name, entry, index)] : [];
      });
      if (faults.length) found.set(name + ADDRESSES, faults);
    }
  }
  acrossFields(given, model, found);
  return [...found.keys()]
    .sort((one, other) => model.places.get(one) - model.places.get(other))
    .flatMap((place) => found.get(place));
}

/** The addresses that are looked at, each with its place in a list. */
function addressesOf({ kind }, value) {
  if (kind === "url") return typeof value === "string" ? [[null, value]] : [];
  return Array.isArray(value) ? [...value.slice(0, DATA.entries_looked_at).entries()] : [];
}

/** Add the constraints that are broken, but for those that read a field in error. */
function acrossFields(given, model, found) {
  const values = normalised(given, model);
  const wrong = [...found.values()].flat().filter(({ rule }) => rule.level === "error");
  for (const constraint of model.constraints) {
    const { rule, blames: field, reads, despite, check } = constraint;
    const isSilent = wrong.some((each) => reads.includes(each.field) && !despite.includes(each.check));
    if (isSilent || !constraint.isBroken(values)) continue;
    found.set(rule, [
      {
        rule: model.constraintRule(constraint),
        check,
        field,
        value: given.get(field) ?? null,
        index: null,
        constraint,
      },
    ]);
  }
}

/** The values of the fields that constraints and prices read, where they are given; words in the file's spelling. */
function normalised(given, model) {
  const values = new Map();
  for (const name of model.readAcross) {
    const value = given.get(name) ?? null;
    if (value !== null && value !== "" && !isEmptyList(value)) values.set(name, normal(name, value, model));
  }
  return values;
}

function normal(name, value, model) {
  if (model.spellings.has(name) && typeof value === "string") {
    return model.word(name, value) ?? model.conditionWords.get(name)?.get(asciiLower(value)) ?? value;
  }
  return typeof value === "number" && model.fields.get(name).kind === "integer" ? integer(value) : value;
}

// --------------------------------------------------------------------------------
// What somebody may have meant
// --------------------------------------------------------------------------------

const LONGEST_WORD = 80;
const SHORTEST_NAME = 5; // task is no mask, and mode no model
const LONGEST_ID = 200;
const MOST_REQUESTS = 10n;
const LARGE = 1_000_000n;
const EMPTY = { empty: '""' };

/** The figures of a hint on a word that is not one of its field's, and the patch that is proposed. */
function meantByWord(name, value, given, model) {
  if (!strip(value)) return model.isOptional(name) ? [EMPTY, { [name]: null }] : [{}, null];
  if (lengthOf(value) > LONGEST_WORD) return [{}, null];
  const field = model.fields.get(name);
  const same = sameWord(name, value, model);
  if (same) return field.downgraded.includes(same) ? [{}, null] : [{ meant: same, nearest: same }, { [name]: same }];
  const two = shapeAndTier(value, model);
  if (name in two) {
    const beside = Object.keys(two).find((each) => each !== name);
    const patch = [null, two[beside]].includes(given.get(beside) ?? null) ? two : null;
    return [{ meant: two[name], nearest: two[name], beside, words: [two[beside]] }, patch];
  }
  const near = nearWord(name, value, model);
  if (near) return [{ nearest: near }, null];
  const [other, word, isSure] = elsewhere(name, value, model);
  if (other !== null) {
    const isFree = [null, word].includes(given.get(other) ?? null);
    return [{ belongs: other, as_word: word }, isSure && isFree ? { [name]: null, [other]: word } : null];
  }
  const words = field.words.filter((each) => !field.downgraded.includes(each));
  return [{ nearest: closest(value, words) }, null];
}

/** The word that a value is beyond doubt. */
function sameWord(name, value, model) {
  const { role, pixel_strings: hasPixels } = model.fields.get(name);
  const text = strip(narrow(value)).replace(BLANKS, " ");
  const words = model.lowerWords.get(name);
  return words.get(asciiLower(text)) ?? wordSpelt(role ?? name, text, words, hasPixels);
}

function nearWord(name, value, model) {
  const role = model.fields.get(name).role ?? name;
  const text = strip(value);
  const said = KINDS.get(plainly(text));
  const near = HINTS.near.get(role);
  const meant = near?.get(casefold(text)) ?? near?.get(said) ?? said;
  const words = model.lowerWords.get(name);
  const word = words.get(asciiLower(meant ?? ""));
  const asked = !word && role === "tier" && gradeOf(asciiLower(text));
  if (asked) return nearestRatio(asked, [...words].map(([low, each]) => [each, gradeOf(low)]).filter(([, grade]) => grade)) || null;
  return word ?? (role === "shape" ? nearestShape(text, model.ratios) : null);
}

/** The ratio and the tier that one value gives together, by their fields. */
function shapeAndTier(value, model) {
  const { shape, tier } = model.roles;
  if (!shape || !tier) return {};
  const [ratio, grade] = shapeSpelt(plainly(value), model.lowerWords.get(shape), IN_BODIES);
  const word = model.lowerWords.get(tier).get(grade);
  return ratio && word ? { [shape]: ratio, [tier]: word } : {};
}

/** The ratio that is nearest to two numbers. */
function nearestShape(value, ratios) {
  const edges = sidesSpelt(value);
  return edges && ratios.size ? nearestRatio(edges, ratios) : null;
}

/** The other field that a value belongs to, its word there, and whether that is beyond doubt. */
function elsewhere(name, value, model) {
  const isMark = value.includes("/") && !["shape", "tier"].includes(model.fields.get(name).role); // 4/5
  if (isMark) return [null];
  const others = [...model.fields].filter(([other, { role, choices }]) => role && choices.length && other !== name);
  for (const [other, { role }] of others) {
    const word = lengthOf(value) > 1 ? sameWord(other, value, model) : null;
    if (word && word !== "auto") return [other, word, role === "shape" || role === "tier"];
  }
  for (const [other] of others) {
    const word = nearWord(other, value, model);
    if (word && word !== "auto") return [other, word, false];
  }
  return [null];
}

const isDigits = (text) => /^-?[0-9]{1,19}$/.test(text);

/** What a value of another type may mean: text of a number, URLs without their list, one text in a list. */
function meantByType(name, value, model) {
  const meant = asType(name, value, model);
  if (meant === null) return [{}, null];
  if (Array.isArray(meant) && meant.length > 1) return [{ count: meant.length }, { [name]: meant }];
  if (typeof meant === "bigint" && !(typeof value === "string" && isDigits(strip(value)))) return [{ number: meant }, { [name]: meant }];
  const one = shorten(Array.isArray(meant) ? meant[0] : meant);
  const shownAs = Array.isArray(meant) ? `["${one}"]` : typeof meant === "string" ? `"${one}"` : one;
  return [{ meant: shownAs }, { [name]: meant }];
}

function asType(name, value, model) {
  const { kind, role, words, hasAddresses } = model.fields.get(name);
  if (hasAddresses) {
    const found = addressesIn(value, model);
    return kind === "urls" && found.length ? found : found.length === 1 ? found[0] : null;
  }
  const edges = role === "shape" ? edgesIn(value) : null;
  if (edges) return shapeOfEdges(edges, model);
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const text = typeof one === "string" ? strip(one) : "";
  const isNumber = typeof one === "bigint";
  if (words.length) return text || (isNumber && one > 0n && one < LARGE) ? sameWord(name, text || String(one), model) : null;
  if (kind === "text") return text ? one : null;
  if (kind === "boolean") return /^true$/i.test(text) || (/^false$/i.test(text) ? false : null);
  const whole = text.replace(/\.0$/, ""); // 2.000 may be two thousand
  if (kind === "integer" && (isNumber || isDigits(whole))) return BigInt(whole || one);
  const number = role === "number" ? numberSpelt(text) : null;
  return number === null ? null : BigInt(number);
}

/** The URLs that a value holds: in one text, in objects of other APIs, or in a list of both; none if it is unclear. */
function addressesIn(value, model, depth = 3) {
  if (typeof value === "string") {
    const text = strip(value).replace(/^\[[^]*\]$/, (list) => list.replace(/\\/g, "").replace(/["'[\]]/g, " "));
    return apart(text.replace(/^[<>\x22\x27\x60]+|[<>\x22\x27\x60]+$/g, ""));
  }
  let held = value;
  if (value instanceof Map) {
    const isOther = ([key, of]) => typeof of === "string" && model.fields.get(model.fieldsMeant.get(fold(key)))?.hasAddresses === false;
    const keys = [...value].some(isOther) ? [] : HINTS.address_keys;
    held = [...value.keys()].every(isDigits) ? [...value.values()] : [keys.map((key) => value.get(key)).find((one) => (one ?? "") !== "")];
  }
  if (!Array.isArray(held) || !depth) return [];
  const found = held.map((entry) => addressesIn(entry, model, depth - 1));
  return found.every((urls) => urls.length) ? found.flat() : [];
}

/** Width and height in a list or in an object. */
function edgesIn(value) {
  if (Array.isArray(value)) return value.length === 2 ? value : null;
  if (!(value instanceof Map)) return null;
  const held = new Map([...value].map(([name, each]) => [fold(name), each]));
  const names = HINTS.edges.find((pair) => pair.every((edge) => held.has(edge)));
  return names ? names.map((edge) => held.get(edge)) : null;
}

/** Width and height in pixels as a shape. */
function shapeOfEdges(values, model) {
  const edges = values.map((value) => wholeOf(value) ?? 0n);
  const isLikely = edges.every((edge) => edge > 0n && edge < LARGE);
  return isLikely ? sameWord(model.roles.shape, edges.join("x"), model) : null;
}

/** A whole number, as text too. */
function wholeOf(value) {
  if (typeof value !== "string") return integer(value);
  const [, digits] = /^([0-9]{1,19})(?:px|pixels?)?$/.exec(strip(value).toLowerCase()) ?? [];
  return digits === undefined ? null : BigInt(digits);
}

/** The nearest number that is allowed; what is beyond the most that one request takes is several requests. */
function meantByNumber(name, value, most, model) {
  const { role, minimum } = model.fields.get(name);
  const number = integer(value);
  if (most === null || value <= most) return { nearest: minimum };
  if (role !== "number" || number === null || number > most * MOST_REQUESTS) return { nearest: most };
  const split = [...Array(Number(number / most)).fill(most), ...(number % most ? [number % most] : [])];
  return { nearest: most, split, requests: split.length, parts: split.join(" + ") };
}

/** What of a request, or of several, a key holds one level down: by its name, or by a model or a prompt in there. */
function insideOf({ name, value }, body, models) {
  if (!Array.isArray(value) && !(value instanceof Map)) return null;
  const whole = body.full(name);
  const first = Array.isArray(whole) && whole.length ? whole[0] : whole;
  if (!(first instanceof Map || (first !== whole && Array.isArray(first)))) return null;
  const kind = HINTS.kinds.get(fold(name));
  const names = ["model", ...models.map(({ roles }) => roles.prompt)];
  if (kind === "wrapper" || names.some((key) => first.has?.(key))) return "request";
  return kind === "settings" ? "settings" : null;
}

/** Whether a key that the model lacks gives a missing field under another name, or as text perhaps. */
function isNamed({ name, value }, field, model) {
  if (model.names.has(name)) return false;
  return fieldMeant(name, model) === field || (nearField(name, model) === field && typeof value === "string");
}

/** The field of a model that a name may mean if it is absent. */
function nearField(name, model) {
  return model.roles[HINTS.nearNames.get(fold(name))] ?? null;
}

/** The field that an unknown key means, by its value where that tells more than its name; or why there is none. */
function meantByKey(item, body, given, model, keys) {
  const { name } = item;
  const { shape, tier } = model.roles;
  const edges = HINTS.edges.find((pair) => pair.includes(fold(name)));
  if (edges && shape) {
    const pair = edges.map((edge) => keys.get(edge));
    const word = pair.includes(undefined) ? null : shapeOfEdges(pair.map((edge) => body.full(edge)), model);
    const isSure = word !== null && given.get(shape) == null;
    return [{ suggestion: shape }, isSure ? { [pair[0]]: null, [pair[1]]: null, [shape]: word } : null];
  }
  if (insideOf(item, body, [model])) return [{ wrapper: name }, null];
  let field = fieldByValue(item, body, model);
  const reason = field === null ? reasonAgainst(name, model) : null;
  if (reason) return [{ reason }, null];
  if (field === null) field = fieldMeant(name, model);
  const near = field === null ? nearField(name, model) : null;
  if (near !== null && [null, ""].includes(given.get(near) ?? null)) return [{ suggestion: near }, null];
  if (field === null || field === "model") {
    const whole = body.full(name);
    const isAround = whole instanceof Map && [...whole.keys()].some((key) => model.names.has(key));
    return [isAround ? { wrapper: name } : { suggestion: field ?? fieldByWord(name, whole, model) }, null];
  }
  const { role, kind, choices, hasAddresses } = model.fields.get(field);
  let held = body.full(name);
  const isText = typeof held === "string";
  if (isText && choices.length) {
    let word = sameWord(field, held, model);
    if (!word && tier && role === "shape") {
      word = sameWord(tier, held, model);
      if (word) field = tier;
    }
    held = word || held;
  }
  if (hasAddresses && isText && held && !addressesIn(held, model).length && urlFault(held)) return [{ upload: field }, null];
  const own = given.get(field) ?? "";
  if (own !== "" && own === held) return [{ suggestion: null }, { [name]: null }]; // the field says it already
  const isSeveral = kind === "url" && isText && apart(held).length !== 1;
  if (own !== "" || held === null || isSeveral) return [{ suggestion: field }, null];
  return [{ suggestion: field }, { [name]: null, [field]: held }];
}

/** The field that a key may mean by the word that it holds: its own name says nothing, or ends like the field's. */
function fieldByWord(name, value, model) {
  const isWord = typeof value === "string" && lengthOf(value) <= LONGEST_WORD && !isDigits(value);
  for (const role of isWord ? ["shape", "tier", "quality"] : []) {
    const field = model.roles[role];
    const isNear = field && (role !== "quality" || fold(name).endsWith(field));
    if (isNear && ![null, "auto"].includes(sameWord(field, value, model))) return field;
  }
  return null;
}

/** The field that a name of several meanings means by what it holds. */
function fieldByValue({ name }, body, model) {
  for (const role of HINTS.byValue.get(fold(name))?.split(" ") ?? []) {
    const field = model.roles[role];
    if (!field) continue;
    const held = body.full(name);
    if (model.fields.get(field).hasAddresses) {
      if (addressesIn(held, model).length) return field;
    } else if (role === "number") {
      if (integer(held) !== null || typeof asType(field, held, model) === "bigint") return field;
    } else if (typeof held === "string" && lengthOf(held) <= LONGEST_WORD) {
      if (sameWord(field, held, model) || nearWord(field, held, model)) return field;
    }
  }
  return null;
}

function fieldMeant(name, model) {
  const { fieldsMeant: fields, namesMeant: names } = model;
  const numbered = name.replaceAll("#", "n ");
  const bare = fold(withoutBrackets(numbered));
  const field = fields.get(fold(numbered)) ?? fields.get(bare);
  return field ?? (lengthOf(bare) < SHORTEST_NAME ? null : (fields.get(closest(bare, names)) ?? null));
}

function reasonAgainst(name, model) {
  const { returns } = model.file;
  const kind = HINTS.kinds.get(fold(name)) ?? null;
  if (kind === "format" && returns) return HINTS.format_reason.replace("{returns}", returns);
  if (kind === null && !("number" in model.roles) && HINTS.namesOfNumber.includes(fold(name))) return HINTS.number_reason;
  return ["wrapper", "settings", "format"].includes(kind) ? null : kind;
}

// --------------------------------------------------------------------------------
// Words for a fault: the figures of its message, how to fix it, and the patch that would
// --------------------------------------------------------------------------------

class Wording {
  constructor(given, body, model, faults, card = null) {
    Object.assign(this, { given, body, model, card });
    this.before = new Set(faults.map(nameOf));
    this.faulty = faultyOf(faults);
    this.warned = null;
  }

  word(fault) {
    const [figures, variant, patch] = (this[WORDED[fault.check]] ?? this.nothing).call(this, fault);
    return fault.rule
      .as(variant)
      .find(fault.value, { index: fault.index, patch: this.better(patch, fault), ...figures });
  }

  /** A patch, if the body that it gives no longer has the fault, and no new error or warning; else null. */
  better(patch, fault = null) {
    if (patch === null) return null;
    const isThere = fault !== null && this.faultsAfter(patch).some((other) => nameOf(other) === nameOf(fault));
    return isThere || !this.holds(patch) ? null : patch;
  }

  /** Whether the body that a change gives has no new error or warning; whose its addresses are is not asked. */
  holds(change) {
    if (this.newAfter(change).length) return false;
    this.warned = this.warned ?? new Set(warned(this.given, this.model, this.faulty, {}));
    const found = warned(this.after(change), this.model, faultyOf(this.faultsAfter(change)), change);
    return found.every((name) => this.warned.has(name));
  }

  after(change) {
    const after = new Map([...this.given, ...Object.entries(change)]);
    for (const [name, value] of after) if (value === null) after.delete(name);
    return after;
  }

  faultsAfter(change) {
    return judge(this.after(change), this.model);
  }

  newAfter(change) {
    return this.faultsAfter(change).filter((fault) => !this.before.has(nameOf(fault)));
  }

  /** The figures of a change that does no harm, or none with words of another field; of any other change none. */
  safely(figures, change) {
    if (this.holds(change)) return figures;
    const constraint = this.newAfter(change)[0]?.constraint;
    let others = constraint ? [...(constraint.then?.keys() ?? [])] : Object.keys(change);
    // what is only near had better be another word
    if (constraint && ("meant" in figures || "belongs" in figures)) others = [...others, ...constraint.when.keys()];
    const [as, more] = "beside" in figures ? ["besides", "more"] : ["beside", "words"];
    for (const beside of "besides" in figures ? [] : others) {
      const words = change[beside] == null ? this.fitting(beside, change) : [];
      if (words.length) {
        return this.safely({ ...figures, [as]: beside, [more]: words }, { ...change, [beside]: words[0] });
      }
    }
    return {};
  }

  /** The words of a field that go with the rest of the request, changed or not. */
  fitting(name, change = {}) {
    return this.model.fields.get(name).words.filter((word) => !this.newAfter({ ...change, [name]: word }).length);
  }

  /** What a hint may say of any value: the words that go with the rest if not all do, and not to leave it out. */
  open(name) {
    const figures = {};
    const { words } = this.model.fields.get(name);
    if (this.model.isOptional(name) && !this.holds({ [name]: null })) figures.optional = null;
    if (words.length && this.model.constraints.some(({ reads }) => reads.includes(name))) {
      const fitting = this.fitting(name);
      if (fitting.length && fitting.length < words.length) figures.choices = fitting;
    }
    return figures;
  }

  /** The URLs that an entry, or a text that is no URL, holds in another form. */
  entry({ rule, field, value }) {
    const found = addressesIn(value, this.model);
    const given = this.given.get(field);
    const isBlank = typeof value === "string" && !strip(value);
    if (!found.length && !isBlank) {
      const meant = typeof value === "string" ? withScheme(value) : null;
      return [meant === null ? {} : { meant: shorten(meant) }, null, null];
    }
    const figures = found.length === 1 ? { meant: shorten(found[0]) } : { count: found.length };
    const isList = Array.isArray(given);
    const whole = isList ? given : [given];
    const most = isList ? DATA.entries_looked_at : 1;
    const entries = whole.slice(0, most).flatMap((entry) => {
      if (typeof entry === "string" && !strip(entry)) return [];
      const inside = typeof entry !== "string" || urlFault(entry) ? addressesIn(entry, this.model) : [];
      return inside.length ? inside : [entry];
    });
    const isShort = Math.max(whole.length, entries.length) <= most; // each finding has the whole list
    let patch = isShort ? { [field]: (isList && entries.length ? entries : entries[0]) ?? null } : null;
    if (isBlank) patch = this.better(patch, { rule, field });
    return [isBlank ? { ...(patch && EMPTY) } : figures, null, patch];
  }

  nothing() {
    return [{}, null, null];
  }

  required({ field, constraint }) {
    const [misnamed, wrapper] = misplaced(field, this.body, this.model, [this.model]);
    return [{ misnamed, wrapper, other: constraint ? [...constraint.when.keys()].join(" or ") : null }, null, null];
  }

  type({ field, value }) {
    const [figures, patch] = meantByType(field, value, this.model);
    if (patch !== null && this.holds(patch)) return [figures, null, patch];
    const isBeyond = patch !== null && this.newAfter(patch).some(({ check }) => check === "range" || check === "needs");
    if (isBeyond && this.model.fields.get(field).kind === "integer")
      return [this.number(field, patch[field]), null, null];
    const isBlank = this.model.isOptional(field) && typeof value === "string" && !strip(value);
    return [this.open(field), null, isBlank ? { [field]: null } : null];
  }

  length({ field, check, value }) {
    const { min_length: shortest, max_length: longest, max_items: items } = this.model.fields.get(field);
    if (check === "min_length") {
      const least = shortest ?? 0;
      const patch = this.better(value || !this.model.isOptional(field) ? null : { [field]: null });
      const figures = { minimum: least, length: value.length, missing: least - value.length, ...(patch && EMPTY) };
      return [figures, least === 1 ? "one" : null, patch];
    }
    const length = typeof value === "string" ? lengthOf(value) : value.length;
    const most = (check === "max_length" ? longest : items) ?? 0;
    return [{ maximum: most, length, excess: length - most }, most === 1 ? "one" : null, null];
  }

  least({ field, value }) {
    const least = this.model.fields.get(field).min_items ?? 0;
    const patch = !value.length && this.model.isOptional(field) ? { [field]: null } : null;
    const figures = { minimum: least, length: value.length, ...this.open(field) };
    return [figures, least === 1 ? "one" : null, patch];
  }

  unknown({ field: name, value }) {
    const { model } = this;
    let [figures, patch] = meantByWord(name, value, this.given, model);
    figures = this.kept(name, figures);
    if (!Object.keys(figures).length) figures = this.open(name);
    const { role, pixel_strings: takesPixels, words } = model.fields.get(name);
    if (role === "shape" && figures.choices) {
      const ratios = new Map([...model.ratios].filter(([each]) => figures.choices.includes(each)));
      const fitting = nearestShape(value, ratios);
      if (fitting !== null) figures.fitting = fitting;
    }
    const word = asciiLower(strip(value));
    const isNear = model.lowerWords.get(name).has(word) || (takesPixels && PIXELS.test(word));
    const variant = isNear ? (takesPixels ? "pixels_near_miss" : "near_miss") : takesPixels ? "pixels" : null;
    return [{ allowed: words, nearest: null, ...figures }, variant, patch];
  }

  /** The figures of what a word may mean, if that goes with the rest of the request; else none. */
  kept(name, figures) {
    const { nearest: meant = null, belongs, beside } = figures;
    if (belongs) return this.safely(figures, { [name]: null, [belongs]: figures.as_word });
    if (beside) return this.safely(figures, { [name]: meant, [beside]: figures.words[0] });
    if (figures.empty) return this.holds({ [name]: null }) ? figures : {};
    return meant === null ? {} : this.safely(figures, { [name]: meant });
  }

  range({ field, value }) {
    const { minimum, maximum } = this.model.fields.get(field);
    const variant = minimum === maximum ? "fixed" : minimum === null ? "most" : maximum === null ? "least" : null;
    return [{ minimum, maximum, ...this.number(field, value) }, variant, null];
  }

  /** What to send in place of a number beyond the bounds. */
  number(name, number) {
    const figures = meantByNumber(name, number, this.most(name), this.model);
    return { ...figures, ...this.cost(name, figures.split ?? []) };
  }

  /** What several requests cost in place of one, if nothing else is wrong and there is a price. */
  cost(name, split) {
    let [low, high] = [0n, 0n];
    for (const part of split) {
      const given = new Map([...this.given, [name, part]]);
      if (this.faultsAfter({ [name]: part }).some((fault) => fault.rule.level === "error")) return {};
      const quote = priceOf(effectiveOf(given, this.model), normalised(given, this.model), this.model, this.card);
      if (quote.credits === null) return {};
      low += quote.credits_low;
      high += quote.credits;
    }
    if (!split.length) return {};
    return { credits: high, ...(low === high ? {} : { credits_low: low }) };
  }

  /** The most that a field takes, its own bound and those of the constraints that apply. */
  most(name) {
    const values = normalised(this.given, this.model);
    const bounds = [this.model.fields.get(name).maximum];
    for (const { blames, when, then } of this.model.constraints) {
      const applies = blames === name && [...when].every(([of, each]) => each.holds(values.get(of)));
      if (applies) bounds.push(then?.get(name)?.atMost ?? null);
    }
    return bounds.reduce((least, bound) => (least === null || (bound !== null && bound < least) ? bound : least));
  }

  constraint(fault) {
    const { constraint, rule, value } = fault;
    const { shape, tier } = this.model.roles;
    const { blames, when, then } = constraint;
    const figures = rule.texts("en").message.includes("{subject}") ? this.across(fault) : {};
    if (blames === shape && when.has(tier) && then?.has(shape))
      Object.assign(figures, this.shapeAtTier(fault, then.get(shape).is ?? []));
    const isOdd = blames === shape && value !== null && !this.model.words("shape").includes(value);
    return [figures, isOdd ? "pixel_size" : null, null];
  }

  /** What does not go together: the field with its value, and what else it requires or can't be with. */
  across({ constraint, value }) {
    const { blames: name } = constraint;
    const { kind } = this.model.fields.get(name);
    const others = (conditions) => new Map([...(conditions ?? [])].filter(([other]) => other !== name));
    const when = others(constraint.when);
    let then = others(constraint.then);
    if (constraint.then && !then.size) {
      // it is the field's own value that the others ask for
      if ([...when.values()].some((condition) => condition.isNot === null)) {
        const asked = told(constraint.then);
        return { subject: told(when), other: asked, asked };
      }
      then = new Map([...when].map(([other, condition]) => [other, new Condition({ is: condition.isNot })]));
    }
    const text = listed([shorten(value)]);
    const isWord = kind === "word" || kind === "size";
    const isPlain = ["integer", "number", "boolean"].includes(kind);
    return {
      subject: value === null ? name : isWord ? `${name} "${text}"` : isPlain ? `${name} ${text}` : name,
      other: told(then.size ? then : when),
      another: isWord || kind === "integer" || kind === "number" ? name : null,
    };
  }

  /** The ways out where a tier takes certain shapes only. */
  shapeAtTier({ value: shape }, allowed) {
    const { model } = this;
    const tier = String(normalised(this.given, model).get(model.roles.tier));
    const edges = model.ratios.get(shape) ?? pixelsOf(shape);
    const isRatio = model.ratios.has(shape);
    const ratios = new Map(
      allowed.filter((word) => model.ratios.has(word)).map((word) => [word, model.ratios.get(word)]),
    );
    const lower = isRatio ? model.words("tier").filter((other) => model.takes(shape, other)) : [];
    return {
      tier,
      allowed,
      nearest: edges && !edges.includes(0n) ? nearestRatio(edges, ratios) || null : null,
      shape: isRatio ? shape : null,
      lower: lower.at(-1) ?? null,
    };
  }
}

const WORDED = {
  required: "required",
  type: "type",
  min_length: "length",
  max_length: "length",
  unknown: "unknown",
  range: "range",
  min_items: "least",
  max_items: "length",
  item_type: "entry",
  not_http: "entry",
  needs: "constraint",
  not_with: "constraint",
};

function nameOf({ rule, field }) {
  return `${rule.id} ${field}`;
}

function faultyOf(faults) {
  return new Set(faults.filter(({ rule }) => rule.level === "error").map(({ field }) => field));
}

/** The warnings on words, and those on a prompt that a change touches. */
function warned(given, model, faulty, change) {
  const found = [...onWords(given, model, faulty), ...onNotes(given, model, faulty)];
  if (model.roles.prompt in change) found.push(...onPrompts(given, model, faulty));
  return found.filter(({ rule }) => rule.level === "warning").map(nameOf);
}

/** What some fields must be, as words and signs. */
function told(conditions) {
  return [...conditions]
    .map(([name, { atMost, isNot, words }]) => {
      if (atMost !== null) return `${name} ≤ ${atMost}`;
      return words.length ? `${name} ${isNot?.length ? "≠ " : ""}${listed(words)}` : name;
    })
    .join(" and ");
}

/** A key of the body that means a field that is missing, and one that the whole request may be in. */
function misplaced(field, body, model, models) {
  const items = [...(body?.items() ?? [])];
  const nameOf = (isWanted) => items.find(isWanted)?.name ?? null;
  const misnamed = nameOf((item) => isNamed(item, field, model));
  return [misnamed, misnamed ? null : nameOf((item) => insideOf(item, body, models) === "request")];
}

/** The one finding on a body that can't be judged under the rules of any model. */
function noModel({ rule: id, value, detail }, body) {
  const allowed = [...MODELS.keys()];
  const rule = new Rule(id, null);
  const [key, wrapper] = misplaced("model", body, MODELS.get(DATA.default_model), [...MODELS.values()]);
  if (id === "model.required") {
    const model = key && body.full(key);
    const misnamed = MODELS.has(model) ? key : null;
    const patch = withModel({ [key]: null, model }, body);
    return rule.find(value, { patch, allowed, misnamed, wrapper, default: DATA.default_model });
  }
  if (id === "model.type") return rule.find(value, { default: DATA.default_model });
  if (id === "model.unknown") {
    const [nearest, ids, isSure] = idMeant(value);
    const patch = isSure ? withModel({ model: nearest }, body) : null;
    return rule.find(value, { patch, allowed, nearest, ids, wrapper });
  }
  return id === "body.object" ? rule.find(value) : rule.find(value, { detail });
}

/** A patch that names a model, and what other keys mean under it, if the body then has no error; else null. */
function withModel(patch, body) {
  const model = MODELS.get(patch.model);
  if (!model) return null;
  const given = body.given(model.names);
  for (const finding of onUnknown([...body.items()], body, given, model)) Object.assign(patch, finding.patch);
  const faults = new Wording(given, body, model, []).faultsAfter(patch);
  return faults.some(({ rule }) => rule.level === "error") ? null : patch;
}

/** The id that a name means, or those that a page is about, and whether that is beyond doubt. */
function idMeant(value) {
  const ids = [...new Set([...MODELS.keys(), ...KNOWN_IDS.keys()])];
  let name = narrow(value)
    .replace(/[‐‑‒–—−]/g, "-")
    .replace(/[“”„‟‘’«»"'`]/g, "")
    .toLowerCase();
  for (const [spoken, word] of Object.entries(DATA.hints.id_words)) name = name.replaceAll(spoken, ` ${word} `);
  name = strip(name);
  const titles = DATA.models.map(({ id, title = id }) => [title, [id]]);
  const names = [...titles, ...Object.entries(DATA.known_ids.pages), ...ids.map((id) => [id, [id]])];
  const spellings = [name, name.split("/").at(-1)];
  for (const spelling of spellings) {
    const meant = names.findLast(([each]) => each.toLowerCase() === spelling)?.[1] ?? [];
    if (meant.length) return meant.length === 1 ? [meant[0], null, true] : [null, meant, false];
  }
  const digits = (text) => String(text.match(/[0-9]/g) ?? []);
  for (const spelling of spellings) {
    const near = closest(spelling, ids); // another number may be another model
    if (near) return [near, null, digits(near) === digits(spelling)];
  }
  return [idWithin(name, ids), null, false];
}

/** The id that a name holds, as sellers of the same models write them, or the one that it begins. */
function idWithin(name, ids) {
  const whole = cut(name, LONGEST_ID);
  const parts = [whole, ...whole.split(/[/:@?]/)].map(joined);
  const within = parts.flatMap((part) => ids.filter((id) => part.startsWith(joined(id))));
  if (within.length) return within.sort((one, other) => other.length - one.length)[0];
  const longer = ids.filter((id) => joined(id).startsWith(parts.at(-1)));
  return longer.find((id) => longer.every((each) => joined(each).startsWith(joined(id)))) ?? null;
}

/** The words of an id, however they are joined, each with a sign behind it. */
function joined(name) {
  return (name.toLowerCase().match(/[0-9a-z]+/g) ?? []).map((word) => `${word}-`).join("");
}

// --------------------------------------------------------------------------------
// Warnings and notes, in documented order
// --------------------------------------------------------------------------------

const RESTATED = /(?<![0-9:.])[0-9]+:[0-9]+(?![0-9:]|\.[0-9])/g;

function* warnings(body, given, model, faulty, unknownFields) {
  yield* onKeys(body, given, model, unknownFields);
  yield* onPrompts(given, model, faulty);
  yield* onWords(given, model, faulty);
  yield* onUrls(given, model, faulty);
  yield* onNotes(given, model, faulty);
}

function* onPrompts(given, model, faulty) {
  for (const [name, field] of model.fields) {
    const prompt = given.get(name);
    if (field.role === "prompt" && !faulty.has(name) && typeof prompt === "string")
      yield* onPrompt(name, prompt, field, model);
  }
}

function* onWords(given, model, faulty) {
  for (const [role, look] of [
    ["shape", onShape],
    ["quality", onQuality],
    ["number", onNumber],
  ]) {
    const name = model.roles[role];
    if (name && !faulty.has(name)) yield* look(name, given, model, faulty);
  }
}

function* onNotes(given, model, faulty) {
  for (const [name, { notes, downgraded }] of model.fields) {
    const value = given.get(name);
    const isDowngraded = notes.includes("transparent_downgraded") && downgraded.includes(value) && !faulty.has(name);
    if (isDowngraded) yield model.rule("transparent_downgraded", name).find(value);
  }
  const { mask } = model.roles;
  if (mask && given.get(mask) && !faulty.has(mask)) yield model.rule("unchecked", mask).find(given.get(mask));
}

function* onKeys(body, given, model, unknownFields) {
  const keys = [...body.items()];
  if (unknownFields === "warn") yield* onUnknown(keys, body, given, model);
  for (const { name, value } of unknownFields === "ignore" ? [] : keys) {
    const sibling = model.unsupported.get(name);
    if (sibling) yield model.rule("field.unsupported").find(value, { name, model: model.id, sibling });
  }
  const optional = keys.filter(({ name }) => model.isOptional(name));
  for (const { name, value } of optional) if (value === null) yield model.rule("field.null").find(null, { name });
  for (const { name, value } of optional) {
    if (value === "" && model.fields.get(name).kind === "url") yield model.rule("field.empty").find("", { name });
  }
}

/** The unknown keys: the first few by name, of the others how many there are. */
function* onUnknown(keys, body, given, model, refused = "") {
  const unknown = keys.filter(({ name }) => !model.names.has(name) && !model.unsupported.has(name));
  const most = DATA.unknown_fields_named;
  const sent = model.file.sends_unknown_fields ? "sent" : null;
  const rule = model.rule("field.unknown").as(refused || sent);
  const wording = unknown.length ? new Wording(given, body, model, judge(given, model)) : null;
  const named = unknown.slice(0, most);
  const names = new Map(named.map(({ name }) => [fold(name), name]));
  const found = named.map((item) => [item, ...meantByKey(item, body, given, model, names)]);
  const patches = found.map(([, , patch]) => settled(patch, wording, model));
  const proposals = found.map(([, , patch], at) => patches[at] ?? patch);
  for (const [at, [{ name, value }, figures]] of found.entries()) {
    const patch = together(patches[at], proposals, wording);
    yield rule.find(value, { name, patch, suggestion: null, reason: null, ...figures });
  }
  const more = unknown.length - most;
  if (more > 0)
    yield model
      .rule("field.unknown")
      .as(refused ? "more_refused" : "more")
      .find(null, { name: null, more });
}

/** A patch, or that of all keys that mean the same field: lists are joined, and of two other values none is chosen. */
function together(patch, patches, wording) {
  for (const field in patch) {
    const same = patches.filter((each) => each?.[field] != null);
    if (patch[field] === null || same.length < 2) continue;
    const found = [...new Map(same.map((each) => [Array.isArray(each[field]) + String(each[field]), each[field]])).values()];
    if (found.length < 2) return wording.better(Object.assign({}, ...same));
    return found.every(Array.isArray) ? wording.better(Object.assign({}, ...same, { [field]: found.flat() })) : null;
  }
  return patch;
}

/** The patch of a misnamed key, its value spelt as the field has it; null where that would be an error. */
function settled(patch, wording, model) {
  if (patch === null) return null;
  for (const [name, value] of Object.entries(patch)) {
    if (!model.fields.has(name) || value === null) continue;
    const given = new Map(wording.given).set(name, value);
    const faults = judge(given, model);
    const found = faults
      .filter(({ field }) => field === name)
      .map((fault) => new Wording(given, new Values(new Map()), model, faults).word(fault));
    const faulty = new Set(faults.map(({ field }) => field));
    found.push(...[...onWords(given, model, faulty)].filter(({ field }) => field === name));
    for (const { patch: own } of found) patch = { ...patch, ...own };
  }
  return wording.better(patch);
}

function* onPrompt(name, prompt, { max_length: most, notes }, model) {
  if (ALL_BLANK.test(prompt)) yield model.rule("blank", name).find(prompt);
  if (most !== null && prompt.length > most && /[^\0-\x7f]/.test(prompt)) {
    yield model.rule("utf16_length", name).find(prompt, { maximum: most, length: prompt.length });
  }
  if (!notes.includes("restates_ratio")) return;
  const ratio = prompt.match(RESTATED)?.find((each) => model.ratios.has(each));
  if (ratio) yield model.rule("restates_ratio", name).find(prompt, { ratio, shape_field: model.roles.shape });
}

function* onShape(name, given, model, faulty) {
  const { mirrors, words, pixel_strings: takesPixels } = model.fields.get(name);
  const shape = given.get(name) ?? null;
  if (shape === null) {
    const isMirrored = mirrors !== null && isGiven(given.get(mirrors)) && !faulty.has(mirrors);
    if (isMirrored) yield model.rule("mirrors_reference", name).find();
  } else if (words.includes(shape)) {
    if (!model.ratios.has(shape) && model.priceFields.includes(name)) yield model.rule("auto_price", name).find(shape);
  } else if (takesPixels) {
    const edges = pixelsOf(shape) ?? [0n, 0n];
    const [nearest, tier] = edges.includes(0n) ? [null, null] : nearestPixels(edges, model);
    yield model.rule("snapped", name).find(shape, { nearest, tier });
    const ratio = shape.replaceAll("x", ":");
    const [width, height] = edges;
    if (model.ratios.has(ratio))
      yield model.rule("looks_like_ratio", name).find(shape, { patch: { [name]: ratio }, width, height, ratio });
  }
}

/** Whether a value is something, as Python sees it. */
function isGiven(value) {
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function* onQuality(name, given, model) {
  const { default: word, billsAs } = model.fields.get(name);
  const quality = given.get(name) ?? null;
  const billed = billsAs.get(quality ?? word);
  if (billed === undefined) return;
  const cheaper = model.billedWords(name).filter((other) => other !== billed);
  yield model
    .rule("auto_bills_high", name)
    .as(quality === null ? null : "explicit")
    .find(quality, { billed, cheaper });
}

function* onNumber(name, given, model) {
  const number = given.get(name);
  if (typeof number !== "number") return;
  yield model
    .rule("integral_float", name)
    .find(number, { patch: { [name]: integer(number) }, integer: integer(number) });
}

function malformed(name, index, url, given, model) {
  const detail = malformation(url);
  const count = apart(url).length;
  if (count < 2) return model.rule("malformed", name).find(url, { index, detail });
  let patch = null;
  if (index !== null) {
    const before = given.get(name);
    const after = before.flatMap((entry) => (apart(entry).length ? apart(entry) : [entry]));
    const isOdd = (each) => malformation(each) || (!before.includes(each) && isPrivate(splitUrl(each)[0]));
    const isSure = after.length <= (model.fields.get(name).max_items || after.length) && !after.some(isOdd);
    patch = isSure ? { [name]: after } : null;
  }
  return model.rule("malformed", name).find(url, { index, patch, detail, count });
}

/** What is malformed first, then what is not public, each at the first entry of a field. */
function* onUrls(given, model, faulty) {
  const found = [...model.fields].filter(
    ([name, { hasAddresses }]) => hasAddresses && isGiven(given.get(name)) && !faulty.has(name),
  );
  const all = found.map(([name, field]) => [name, addressesOf(field, given.get(name))]);
  for (const [name, entries] of all) {
    const [index, url] = entries.find(([, each]) => malformation(each)) ?? [];
    if (url !== undefined) yield malformed(name, index, url, given, model);
  }
  for (const [name, entries] of all) {
    const [index, url] = entries.find(([, each]) => isPrivate(splitUrl(each)[0])) ?? [];
    if (url !== undefined) yield model.rule("private_host", name).find(url, { index, host: shorten(splitUrl(url)[0]) });
  }
}

// --------------------------------------------------------------------------------
// What the gateway will use, the pixels, and what to send
// --------------------------------------------------------------------------------

function effectiveOf(given, model) {
  const used = new Map([["model", model.id]]);
  for (const [name, field] of model.fields) {
    const value = given.get(name) ?? null;
    if (!isAbsent(value, field)) used.set(name, usedValue(name, value, model));
    else if (field.default !== undefined && field.default_certain) {
      const reference = field.mirrors === null ? null : (given.get(field.mirrors) ?? null);
      const isMirrored = reference !== null && reference !== "" && !isEmptyList(reference);
      used.set(name, isMirrored ? null : field.default);
    }
  }
  return used;
}

function isAbsent(value, { kind }) {
  return value === null || (value === "" && kind === "url");
}

function usedValue(name, value, model) {
  const { kind } = model.fields.get(name);
  if (kind === "integer") return shorten(integer(value));
  if (kind === "word" || kind === "size") return model.word(name, value) ?? escapeLone(value);
  return kind === "urls" ? value.map((entry) => shown(entry)) : shown(value);
}

function modeOf(used, { roles }) {
  if (isGiven(used.get(roles.mask))) return "inpainting";
  return isGiven(used.get(roles.references)) ? "image_to_image" : "text_to_image";
}

function payloadOf(given, body, model) {
  const sent = new Map([["model", model.id]]);
  for (const [name, field] of model.fields) {
    const value = given.get(name) ?? null;
    if (isAbsent(value, field)) continue;
    const word = field.any_case ? model.word(name, value) : null;
    sent.set(name, field.kind === "integer" ? integer(value) : (word ?? value));
  }
  if (model.file.sends_unknown_fields) {
    for (const { name } of body.items()) if (!model.names.has(name)) sent.set(name, body.full(name));
  }
  return sent;
}

function dimensionsOf(used, model) {
  const none = (reason) => ({ width: null, height: null, certainty: null, reason });
  if (!model.pixels.size) return none("not_published");
  const shape = used.get(model.roles.shape) ?? null;
  if (shape === null) return none("mirrors_reference");
  let place = [shape, used.get(model.roles.tier) ?? ""];
  let isExact = true;
  if (!model.words("shape").includes(shape)) {
    const asked = pixelsOf(shape);
    if (!asked || asked.includes(0n)) return none("not_a_dimension");
    place = nearestPixels(asked, model);
    isExact = String(model.at(...place)) === String(asked);
  }
  const edges = model.at(...place);
  if (!edges) return none("server_picks");
  const [width, height] = edges;
  return { width, height, certainty: model.certainty(isExact ? "documented" : "inferred"), reason: null };
}

/** The shape and the tier with these edges, else of the nearest ratio the tier with the nearest area. */
function nearestPixels(asked, model) {
  for (const { word, tier, edges } of model.pixels.values()) if (String(edges) === String(asked)) return [word, tier];
  const word = nearestRatio(asked, model.ratios);
  const area = asked[0] * asked[1];
  const tiers = model.words("tier").filter((tier) => model.at(word, tier));
  return [word, nearestOf(tiers.map((tier) => [tier, area, model.at(word, tier)[0] * model.at(word, tier)[1]]))];
}

// --------------------------------------------------------------------------------
// Prices: integers of 10^-12 USD, never a float
// --------------------------------------------------------------------------------

const PICOS_PER_USD = 10n ** 12n;
const PICOS_PER_CREDIT = PICOS_PER_USD / 1000n;
const REQUIRED_KEYS = ["format", "id", "currency", "effective_from", "checked_on", "source", "usd_per_image"];
const CARD_KEYS = [...REQUIRED_KEYS, "notes", "replaces"];

function requestCredits(picos, n) {
  return (picos * n + PICOS_PER_CREDIT - 1n) / PICOS_PER_CREDIT;
}

function usdOf(credits) {
  return `${credits / 1000n}.${String(credits % 1000n).padStart(3, "0")}`;
}

function unknownQuote(card, reason, { certainty = "unspecified", n = null, missing = [] } = {}) {
  return {
    basis: "unknown",
    certainty,
    credits: null,
    credits_low: null,
    usd: null,
    per_image_usd: null,
    n,
    cell: null,
    reason,
    missing,
    float_sensitive: false,
    rate_card: card?.identity ?? null,
  };
}

function priceOf(used, values, model, card) {
  const { cells, certainty, reason } = billOf(used, values, model);
  const n = used.get(model.price.images) ?? 1n;
  if (!cells.length) return unknownQuote(card, reason, { certainty, n });
  const prices = cells.map((cell) => [cell, card?.prices.get(model.id)?.get(cell)]);
  const missing = prices.filter(([, price]) => !price).map(([cell]) => cell);
  if (missing.length) return unknownQuote(card, "no_rate", { certainty, n, missing });
  const [cell, { picos, text }] = prices.reduce((one, other) => (other[1].picos > one[1].picos ? other : one));
  const lowest = prices.reduce((least, [, price]) => (price.picos < least ? price.picos : least), picos);
  const credits = requestCredits(picos, n);
  const why = reason === "uncertain_default" && lowest === picos ? null : reason; // whatever it is, it costs the same
  return {
    basis: why === null ? "exact" : "bounded",
    certainty,
    credits,
    credits_low: why === null ? credits : requestCredits(lowest, n),
    usd: usdOf(credits),
    per_image_usd: text,
    n,
    cell,
    reason: why,
    missing: [],
    float_sensitive: BigInt(Math.ceil(Number(text) * Number(n) * 1000)) !== credits,
    rate_card: card.identity,
  };
}

/** The cells of which one will be billed, how sure that is, and why the price is not exact. */
function billOf(used, values, model) {
  const { shape } = model.roles;
  const isSure = !shape || model.words("shape").includes(used.get(shape));
  const certainty = model.certainty(isSure ? "documented" : "inferred");
  const axes = new Map();
  let reason = null;
  for (const name of model.priceFields) {
    if (name === shape) continue;
    const { words, billsAs } = model.fields.get(name);
    if (!used.has(name)) {
      axes.set(name, model.billedWords(name));
      reason = "uncertain_default";
    } else if (!words.includes(used.get(name))) return { cells: [], certainty, reason: "unknown_value" };
    else axes.set(name, [billsAs.get(used.get(name)) ?? used.get(name)]);
  }
  const isUnpublished = model.price.notPublishedWhen.some((all) =>
    [...all].every(([name, each]) => each.holds(values.get(name))),
  );
  if (isUnpublished) return { cells: [], certainty, reason: "not_published" };
  if (shape && model.priceFields.includes(shape)) return billByShape(used, axes, model);
  const choices = [...axes].reduce(
    (all, [name, words]) => all.flatMap((one) => words.map((word) => ({ ...one, [name]: word }))),
    [{}],
  );
  return { cells: unique(choices.map((words) => model.cell(words))), certainty, reason };
}

/** The cells where the shape makes the price too: its own, or every one of the tier where it is not fixed. */
function billByShape(used, axes, model) {
  const { shape: name, tier } = model.roles;
  const rest = Object.fromEntries([...axes].map(([axis, words]) => [axis, words[0]]));
  const shape = used.get(name) ?? null;
  const at = used.get(tier);
  const cells = (words) => unique(words.map((word) => model.cell({ ...rest, [name]: word })));
  const every = cells(model.ratiosAt(at));
  if (model.words("shape").includes(shape)) {
    return {
      cells: model.at(shape, at) ? cells([shape]) : every,
      certainty: model.certainty("documented"),
      reason: null,
    };
  }
  const certainty = model.certainty("inferred");
  if (shape === null) return { cells: every, certainty, reason: "size_mirrors_reference" };
  const asked = pixelsOf(shape);
  if (!asked || asked.includes(0n)) return { cells: every, certainty, reason: "pixel_size" };
  const exact = model.ratiosAt(at).find((word) => String(model.at(word, at)) === String(asked));
  if (exact) return { cells: cells([exact]), certainty, reason: null };
  const [word, nearestTier] = nearestPixels(asked, model);
  const own = model.cell({ ...rest, [name]: word, ...(tier in rest ? { [tier]: nearestTier } : {}) });
  return { cells: unique([...every, own]), certainty, reason: "pixel_size" };
}

function unique(words) {
  return [...new Set(words)];
}

/** A rate card that can't be used; the message says what is wrong. */
export class RateCardError extends Error {
  /**
   *
   * @param {string} message
   */
  constructor(message) {
    super(message);
    this.name = "RateCardError";
  }
}

/** A rate card, read from its JSON text, or from what JSON.parse makes of it when its prices are texts. */
function readCard(source) {
  const card = typeof source === "string" ? exactly(source) : inside(source);
  const refuse = (message) => {
    throw new RateCardError(message);
  };
  if (!(card instanceof Map)) refuse("a rate card is a JSON object");
  for (const key of REQUIRED_KEYS) if (!card.has(key)) refuse(`${key} is missing`);
  for (const key of card.keys()) if (!CARD_KEYS.includes(key)) refuse(`${key} is not a key of a rate card`);
  if (card.get("format") !== "reapi-rate-card/1") refuse('format must be "reapi-rate-card/1"');
  if (card.get("currency") !== "USD") refuse('currency must be "USD"');
  for (const key of ["id", "effective_from", "checked_on", "source", "notes", "replaces"]) {
    const value = card.get(key) ?? null;
    if (value === null && !REQUIRED_KEYS.includes(key)) continue;
    if (typeof value !== "string" || !value) refuse(`${key} must be text that is not empty`);
    if (["effective_from", "checked_on"].includes(key) && !isDate(value))
      refuse(`${key} must be a date such as "2026-07-21"`);
  }
  const models = card.get("usd_per_image");
  if (!(models instanceof Map)) refuse("usd_per_image must be an object of models");
  const prices = new Map();
  for (const [model, cells] of models) {
    if (!(cells instanceof Map)) refuse(`usd_per_image.${model} must be an object of cells`);
    const priced = [...cells].map(([cell, price]) => [
      escapeLone(cell),
      readPrice(price) ?? refuse(`usd_per_image.${model}.${cell}: it is not a price`),
    ]);
    prices.set(escapeLone(model), new Map(priced));
  }
  const [id, effective_from, checked_on] = ["id", "effective_from", "checked_on"].map((key) =>
    escapeLone(card.get(key)),
  );
  return { identity: { id, effective_from, checked_on }, replaces: card.get("replaces") ?? null, prices };
}

/** JSON with each number as its text, in which no key is repeated. */
function exactly(text) {
  const reader = new Reader(bytesOf(text.replace(/^\ufeff/, "")));
  try {
    const card = reader.whole("texts");
    if (reader.twice === null) return card;
  } catch (error) {
    throw new RateCardError(error.message);
  }
  throw new RateCardError(`the key "${reader.twice}" is there twice in one object`);
}

function readPrice(price) {
  const isNumber = price instanceof NumberText || typeof price === "bigint";
  if (!isNumber && typeof price !== "string") return null; // a float can't hold a price exactly
  const text = isNumber ? decimalOf(price.text ?? String(price)) : price;
  const match = /^([0-9]{1,1000})(?:\.([0-9]{1,12}))?$/.exec(text);
  if (!match) return null;
  const picos = BigInt(match[1]) * PICOS_PER_USD + BigInt((match[2] ?? "").padEnd(12, "0"));
  return picos < 1_000_000n * PICOS_PER_USD ? { text, picos } : null;
}

/** The text of a JSON number as a plain decimal: 3e-2 is 0.03. */
function decimalOf(number) {
  const match = /^([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/.exec(number);
  if (!match) return number;
  const [, whole, decimals = "", exponent = "0"] = match;
  if (Number(exponent) === 0) return number.toLowerCase().split("e")[0];
  const point = whole.length + Number(exponent);
  const digits = "0".repeat(Math.max(1 - point, 0)) + (whole + decimals).padEnd(point, "0");
  const at = Math.max(point, 1);
  return (digits.slice(0, at).replace(/^0+/, "") || "0") + (digits[at] === undefined ? "" : `.${digits.slice(at)}`);
}

function isDate(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text.startsWith("0000")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text);
}

/** The card that holds on a date: the newest that is effective by then; without a date the newest of all. */
function currentCard(cards, asOf) {
  const past = cards.filter(({ identity }) => identity.effective_from <= (asOf ?? "9999-12-31"));
  const newest = latest(past, "effective_from");
  const replaced = newest.filter(({ identity, replaces }) => replaces !== identity.id).map(({ replaces }) => replaces);
  const standing = newest.filter(({ identity }) => !replaced.includes(identity.id));
  return latest(standing.length ? standing : newest, "checked_on").at(-1) ?? null;
}

function latest(cards, key) {
  const last = cards.reduce((day, { identity }) => (identity[key] > day ? identity[key] : day), "");
  return cards.filter(({ identity }) => identity[key] === last);
}

// --------------------------------------------------------------------------------
// The report and the engine
// --------------------------------------------------------------------------------

/** Everything about one request. Its values are worked out when you read them, as a new copy each time. */
export class Report {
  #said;
  #language;

  /** @private */
  constructor(said, language) {
    this.#said = said;
    this.#language = language;
  }

  /**
   * Whether reAPI would accept the request.
   * @returns {boolean}
   */
  get ok() {
    return this.#said.ok;
  }

  /**
   * The model whose rules were applied, or the id that has no rules here.
   * @returns {string | null}
   */
  get model() {
    return this.#said.model;
  }

  /**
   * Whether an image is made from text, from references or by repainting one; null with an error.
   * @returns {Mode | null}
   */
  get mode() {
    return this.#said.mode;
  }

  /**
   * Why reAPI would reject the request: every error at once, in documented order.
   * @returns {Finding[]}
   */
  get errors() {
    return plain(this.#findings("errors"));
  }

  /**
   * What is accepted but costs money, loses something, is probably a mistake or is just worth knowing.
   * @returns {Finding[]}
   */
  get warnings() {
    return plain(this.#findings("warnings"));
  }

  /**
   * The fields that the gateway will use, with the defaults that are certain.
   * @returns {ReportJson["effective"]}
   */
  get effective() {
    return plain(this.#said.effective);
  }

  /**
   * Width and height of the image, or why they are unknown; null with an error.
   * @returns {Dimensions | null}
   */
  get dimensions() {
    return plain(this.#said.dimensions);
  }

  /**
   * What it costs, to the credit; null with an error.
   * @returns {Quote | null}
   */
  get quote() {
    return plain(this.#said.quote);
  }

  /**
   * The same report in another language: "en" or "zh"; a tag such as "zh-CN" counts as its language.
   * @param {string} language
   * @returns {Report}
   */
  in(language) {
    return new Report(this.#said, languageOf(language));
  }

  /**
   * The body to send: without nulls, with words and numbers in their standard spelling; null with an error.
   * @returns {{[key: string]: Json} | null}
   */
  payload() {
    return plain(this.#said.payload());
  }

  /**
   * The same as JSON text, with integers as they were written.
   * @returns {string | null}
   */
  payloadText() {
    const sent = this.#said.payload();
    return sent && write(sent);
  }

  /**
   * What reAPI would answer for the first error that has a code; null if there is none.
   * @param {string | null} [requestId]
   */
  gatewayError(requestId = null) {
    const first = this.errors.find(({ code }) => code !== null);
    return first ? { error: { code: first.code, message: first.message, request_id: requestId } } : null;
  }

  /**
   * The report as JSON text, byte for byte as Python writes it.
   * @returns {string}
   */
  toText() {
    return write(this.#json());
  }

  /**
   * The report as plain values, for JSON.stringify; it refuses an integer beyond 2^53, which `toText` writes.
   * @returns {ReportJson}
   */
  toJSON() {
    return plain(this.#json());
  }

  #json() {
    const { ok, model, mode, effective, dimensions, quote } = this.#said;
    return {
      ok,
      model,
      mode,
      errors: this.#findings("errors"),
      warnings: this.#findings("warnings"),
      effective,
      dimensions,
      quote,
    };
  }

  #findings(name) {
    return this.#said[name].map((found) => found.in(this.#language));
  }
}

/** A request that reAPI would reject; `report` says why. */
export class InvalidRequestError extends Error {
  /**
   *
   * @param {Report} report
   */
  constructor(report) {
    super(report.errors.map(({ message }) => message).join("; "));
    this.name = "InvalidRequestError";
    this.report = report;
  }
}

/**
 * Judges and prices requests, with a rate card, a default model and a view on unknown fields. It is a Standard Schema, too:
 * its output is the payload.
 * @implements {StandardSchema}
 */
export class Engine {
  #card;
  #defaultModel;
  #unknownFields;
  #language;

  /**
   *
   * @param {Options} [options]
   */
  constructor({ rates = null, asOf = null, defaultModel = null, unknownFields = "warn", language = "en", ...others } = {}) {
    refuseOthers(others);
    if (!["warn", "ignore", "error"].includes(unknownFields)) {
      throw new RangeError(`unknownFields is one of warn, ignore, error, not ${unknownFields}`);
    }
    if (asOf !== null && !isDate(String(asOf))) throw new RangeError('asOf is a date such as "2026-08-01"');
    const cards = (rates === null ? DATA.rate_cards : Array.isArray(rates) ? rates : [rates]).map(readCard);
    this.#card = currentCard(cards, asOf);
    this.#defaultModel = defaultModel || null;
    this.#unknownFields = unknownFields;
    this.#language = languageOf(language);
  }

  /**
   * Whether reAPI will take a request body, what is wrong with it, which pixels it gives and what it costs.
   *
   * The body is JSON as text or bytes, whose numbers count as they are written; anything else is judged as what
   * JSON.stringify makes of it. Whatever it is, a report comes back.
   * @param {unknown} body
   * @returns {Report}
   */
  preflight(body) {
    return this.#reported(this.#look(body));
  }

  /**
   * What a request with these axes costs, without a prompt. Throws InvalidRequestError where reAPI would reject them.
   * @param {Axes} [axes]
   * @returns {Quote}
   */
  quote({ model = null, size = null, resolution = null, quality = null, n = null, hasImages = false, ...others } = {}) {
    refuseOthers(others);
    const name = model ?? this.#defaultModel ?? DATA.default_model;
    const rules = MODELS.get(name);
    const axes = { shape: size, tier: resolution, quality, number: inside(n) };
    let said = this.#judged(new Values(standIn(rules, name, hasImages, axes)));
    if (rules?.price.byAxesAlone && !said.ok) said = this.#withoutNeeds(said, axes, rules);
    if (!said.ok) throw new InvalidRequestError(this.#reported(said));
    return plain(said.quote);
  }

  /**
   *
   * @returns {StandardSchema["~standard"]}
   */
  get "~standard"() {
    return {
      version: 1,
      vendor: "reapi-rules",
      validate: (value) => {
        const report = this.preflight(value);
        if (report.ok) return { value: /** @type {{[key: string]: Json}} */ (report.payload()) };
        return { issues: report.errors.map(({ message, pointer }) => ({ message, path: pathOf(pointer) })) };
      },
    };
  }

  #reported(said) {
    return new Report(said, this.#language);
  }

  #look(body) {
    const bytes = bytesOfBody(body);
    if (bytes instanceof Unreadable) return refused(bytes, null);
    try {
      return this.#judged(new Body(bytes));
    } catch (error) {
      if (error instanceof NotJson) return refused(unreadable(bytes, error), null);
      throw error;
    }
  }

  #judged(body) {
    const name = body.model === null || body.model === "" ? (this.#defaultModel ?? body.model) : body.model;
    const model = MODELS.get(name);
    const given = body.given(model ? model.names : ALL_NAMES);
    if (!model) return this.#withoutRules(name, body);
    const faults = judge(given, model);
    const refusedKeys =
      this.#unknownFields === "error" ? [...onUnknown([...body.items()], body, given, model, "refused")] : [];
    const wording = new Wording(given, body, model, faults, this.#card);
    const worded = (level) => faults.filter(({ rule }) => rule.level === level).map((fault) => wording.word(fault));
    const errors = [...worded("error"), ...refusedKeys];
    const faulty = new Set(errors.map(({ field }) => field));
    const warned = [...warnings(body, given, model, faulty, this.#unknownFields)];
    const said = {
      ok: false,
      model: model.id,
      mode: null,
      errors,
      effective: null,
      dimensions: null,
      quote: null,
      payload: () => null,
    };
    said.warnings = [...worded("warning"), ...warned.filter(({ field }) => field === null || !faulty.has(field))];
    return errors.length
      ? { ...said, given }
      : { ...said, given, ...this.#workedOut(given, model), payload: () => payloadOf(given, body, model) };
  }

  #workedOut(given, model) {
    const effective = effectiveOf(given, model);
    const quote = priceOf(effective, normalised(given, model), model, this.#card);
    return { ok: true, mode: modeOf(effective, model), effective, dimensions: dimensionsOf(effective, model), quote };
  }

  #withoutRules(name, body) {
    if (name === null || name === "") return refused(new Unreadable("model.required", name), body);
    if (typeof name !== "string") return refused(new Unreadable("model.type", name), body);
    const endpoint = KNOWN_IDS.get(name);
    if (endpoint === undefined) return refused(new Unreadable("model.unknown", name), body);
    const payload = () => {
      const sent = body.whole();
      return sent.get("model") ? sent : sent.set("model", name);
    };
    return {
      ok: true,
      model: name,
      mode: null,
      errors: [],
      warnings: [new Rule("model.no_rules", null).find(name, { endpoint })],
      effective: null,
      dimensions: null,
      quote: unknownQuote(this.#card, "no_rules"),
      payload,
    };
  }

  /** What is said of axes that say nothing of a field which the price does not read, and which they need not. */
  #withoutNeeds(said, axes, model) {
    const absent = Object.entries(model.roles).flatMap(([role, name]) => (axes[role] == null ? [name] : []));
    const leftOut = absent.filter((name) => ![...model.priceFields, model.price.images].includes(name));
    if (said.errors.some(({ field }) => !leftOut.includes(field))) return said;
    return { ...said, ...this.#workedOut(said.given, model) };
  }
}

/** A misspelt option, such as as_of, does not count in silence. */
function refuseOthers(others) {
  const [name] = Object.keys(others);
  if (name) throw new RangeError(`there is no option ${name}`);
}

function refused(why, body) {
  return {
    ok: false,
    model: null,
    mode: null,
    errors: [noModel(why, body)],
    warnings: [],
    effective: null,
    dimensions: null,
    quote: null,
    payload: () => null,
  };
}

/** The least body of a model that passes, with axes by their role. */
function standIn(model, id, hasImages, axes) {
  const body = new Map([["model", id]]);
  const names = { shape: "size", tier: "resolution", quality: "quality", number: "n", ...model?.roles };
  for (const [name, { role, kind, min_length: least, min_items: items }] of model?.fields ?? []) {
    if (role === "prompt") body.set(name, "-".repeat(Math.max(1, least ?? 0)));
    else if (role === "references" && hasImages) {
      const url = "https://example.com/reference.png";
      body.set(name, kind === "url" ? url : Array(Math.max(1, items ?? 0)).fill(url));
    }
  }
  for (const [role, value] of Object.entries(axes)) if (value !== null) body.set(names[role], value);
  return body;
}

/** The language among ours that a tag, or the first of a header Accept-Language, names; else English. */
function languageOf(tag) {
  const language = /^[\s]*([A-Za-z]+)/.exec(tag)?.[1].toLowerCase() ?? "";
  return LANGUAGES.includes(language) ? language : LANGUAGES[0];
}

/** The steps to the value that a pointer points at. */
function pathOf(pointer) {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.map((step, at) => (at > 0 && /^[0-9]+$/.test(step) ? Number(step) : step));
}

const MOST_ENGINES = 16;
const engines = new Map();

function engineFor(options) {
  if (options.rates !== undefined) return new Engine(options);
  const key = JSON.stringify(options);
  if (!engines.has(key)) {
    if (engines.size >= MOST_ENGINES) engines.clear();
    engines.set(key, new Engine(options));
  }
  return engines.get(key);
}

/**
 * Whether reAPI will take a request body, what is wrong with it, which pixels it gives and what it costs.
 * @param {unknown} body JSON as text or bytes; anything else is judged as what JSON.stringify makes of it
 * @param {Options} [options]
 * @returns {Report}
 */
export function preflight(body, options = {}) {
  return engineFor(options).preflight(body);
}

/**
 * What a request with these axes costs, without a prompt. Throws InvalidRequestError where reAPI would reject them.
 * @param {Axes} [axes]
 * @param {Options} [options]
 * @returns {Quote}
 */
export function quote(axes = {}, options = {}) {
  return engineFor(options).quote(axes);
}
