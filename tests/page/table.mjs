// Tables of a run, read from CSV.

import { readFileSync } from "node:fs";

/** The fields of a line; quotes hold commas together. */
function fields(line) {
  const found = [];
  for (const [, quoted, plain] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)) {
    found.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  }
  return found;
}

/** The rows of a table as objects. */
export async function readTable(file) {
  const [head, ...lines] = readFileSync(file, "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const names = fields(head);
  return lines.map((line) => {
    const values = fields(line);
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  });
}
