// Rule 10: SQL is written in lower case, a clause a line.
import { assertNone, code, sources, under } from "./source.ts";
import { sqlOf, type SqlText } from "./sql.ts";
import { test } from "../support/test.ts";

const statements: SqlText[] = [
  ...code.filter(({ path }) => under("db/", "server/", "worker/", "cli/")(path)).flatMap(sqlOf),
  ...sources.filter(({ path }) => under("db/migrations/")(path)).map(({ path, text }) => ({
    path,
    line: 1,
    text,
  })),
];

/** The lines of a statement without text in quotes and comments. */
function linesOf({ path, line, text }: SqlText): { at: string; text: string }[] {
  const plain = text.replace(/--.*$/gm, "").replace(
    /'(?:[^']|'')*'/g,
    (quoted) => quoted.replace(/[^\n]/g, " "),
  );
  return plain.split("\n").map((text, index) => ({ at: `${path}:${line + index}`, text }));
}

test("SQL is lower case", () => {
  const keyword =
    /\b(?:SELECT|FROM|WHERE|INSERT|INTO|UPDATE|DELETE|SET|VALUES|JOIN|AND|OR|NOT|NULL|ORDER|GROUP|BY|LIMIT|RETURNING|CREATE|ALTER|DROP|TABLE|INDEX|TRUNCATE|MERGE|COPY)\b/;
  assertNone(
    statements.flatMap(linesOf).filter(({ text }) => keyword.test(text)).map(({ at, text }) =>
      `${at}: ${text.trim()}`
    ),
    "Write SQL in lower case:",
  );
});

/** Begins a clause. `select from` counts as one, as in `exists (select from …)`. */
const clause =
  /\b(?:select(?:\s+from)?|(?<!distinct\s)from|where|group by|having|order by|limit|returning|set|values|union|insert into|delete from)\b/g;

/** The text of a line that is in no parentheses opened on that line: a short subquery may stand on one line. */
function outsideParentheses(text: string): string {
  let depth = 0;
  let outside = "";
  for (const character of text) {
    if (character === ")") depth = Math.max(0, depth - 1);
    if (depth === 0) outside += character;
    if (character === "(") depth++;
  }
  return outside;
}

test("every clause of an SQL statement has a line of its own", () => {
  assertNone(
    statements.filter(({ path }) => !under("db/migrations/")(path)).flatMap(linesOf)
      .map(({ at, text }) => ({ at, text: outsideParentheses(text) }))
      // An index predicate of `on conflict` and the action belong to its line.
      .filter(({ text }) => !/^\s*on conflict\b/.test(text) && [...text.matchAll(clause)].length > 1)
      .map(({ at, text }) => `${at}: ${text.trim()}`),
    "Begin a new line with each clause:",
  );
});
