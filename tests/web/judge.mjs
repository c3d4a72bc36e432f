// Answers one question a line with the module of a folder: node judge.mjs FOLDER. Answers are texts, so nothing is lost.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { answerer } from "./answers.mjs";

const answer = answerer(await import(pathToFileURL(`${process.argv[2]}/reapi-rules.mjs`)));
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(answer(JSON.parse(line))));
