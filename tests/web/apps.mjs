// Google Sheets as a custom function sees it: no modules, no text encoders, an older library. It reads what is called from
// its input, a line each, and writes the answer.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import vm from "node:vm";

const [, , file, zone, format] = process.argv;
const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };

/** The date in the zone; "today" counts the whole past by the zone's hours of 2000, "then" by those of its day. */
function formatDate(date, timeZone, pattern) {
  const shown = (of) => {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...PARTS }).formatToParts(of);
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  };
  const text = ({ year, month, day, hour, minute, second }) => `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  const offsetOf = (of) => Date.parse(`${text(shown(of)).replace(" ", "T")}Z`) - of.getTime();
  if (pattern === "Z") {
    const minutes = offsetOf(date) / 60_000;
    const digits = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) => String(part).padStart(2, "0"));
    return (minutes < 0 ? "-" : "+") + digits.join("");
  }
  if (pattern !== "yyyy-MM-dd HH:mm:ss") throw new Error(`the stub does not know ${pattern}`);
  if (format === "then") return text(shown(date));
  const usual = Math.min(...[0, 6].map((month) => offsetOf(new Date(Date.UTC(2000, month, 1)))));
  return new Date(date.getTime() + usual).toISOString().slice(0, 19).replace("T", " ");
}

const context = vm.createContext({
  SpreadsheetApp: { getActiveSpreadsheet: () => ({ getSpreadsheetTimeZone: () => zone }) },
  Utilities: { formatDate },
});
vm.runInContext(
  `delete Object.hasOwn; delete Array.prototype.at; delete Array.prototype.findLast; delete String.prototype.replaceAll;
   delete globalThis.Intl; delete globalThis.structuredClone; delete globalThis.WebAssembly;`,
  context,
);
vm.runInContext(readFileSync(file, "utf8"), context);

for await (const line of createInterface({ input: process.stdin })) {
  context.asked = line;
  const answer = vm.runInContext(
    `(() => {
      const cell = (value) => (value && value.ms !== undefined ? new Date(value.ms) : value);
      const [name, range, ...others] = JSON.parse(asked);
      const values = Array.isArray(range) ? range.map((cells) => cells.map(cell)) : cell(range);
      try {
        return JSON.stringify({ value: globalThis[name](values, ...others.map((each) => (each === null ? undefined : each))) });
      } catch (error) {
        return JSON.stringify({ error: String(error) });
      }
    })()`,
    context,
  );
  console.log(answer);
}
