// Rules 9, 10 and 11: how files are called, how long they may be and how they open; where the environment is read, and
// that each variable is explained; and what has no place in this repository.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";
import { assertNone, code, find, type Source, sourceOf, sources, under, withoutComments } from "./source.ts";

const MOST_LINES = 300;
const written = sources.filter(({ path }) => /\.(tsx?|sql)$/.test(path));
const snake = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/** Where the environment is read, and why beside config.ts. */
const readers: Record<string, string> = {
  "server/config.ts": "the one place",
  "db/migrate_main.ts": "db is the floor and knows no server; it needs nothing but DATABASE_URL",
  "db/embedded/redis_source.ts": "sets, and does not read, what a package takes from the environment alone",
  "tests/support/": "tests are told by their runner where its PostgreSQL and Redis are",
};

function assertNowhere(places: Source[], pattern: RegExp, rule: string): void {
  assertNone(
    places.flatMap((source) => find(source, pattern)).map(({ at, found }) => `${at} has ${found[0]}`),
    rule,
  );
}

test("files and folders are named in snake_case, and files of a component as the component", () => {
  const broken = written.filter(({ path, text }) => {
    const folders = path.split("/");
    const [name, ...endings] = folders.pop()!.split(".");
    if (folders.some((folder) => !snake.test(folder) && folder !== ".ci")) return true;
    // "vite.config.ts" and "env.d.ts" are names that tools look for.
    if (endings.length > 1 && !/^(config|d)\.ts$/.test(endings.join("."))) return true;
    if (!path.startsWith("web/") || endings[0] !== "tsx" || snake.test(name)) {
      return !snake.test(name) || /^export (?:default )?function [A-Z]/m.test(text) && endings[0] === "tsx";
    }
    return !/^[A-Z][A-Za-z0-9]*$/.test(name) || !new RegExp(`^export .*\\b${name}\\b`, "m").test(text);
  });
  assertNone(
    broken.map(({ path }) => path),
    "Name the file in snake_case, or as the component that it exports:",
  );
});

test("migrations are numbered, each number once", () => {
  const names = written.map(({ path }) => path).filter(under("db/migrations/"));
  const numbers = names.map((path) => path.match(/^db\/migrations\/(\d{4})_[a-z0-9_]+\.sql$/)?.[1]);
  assertNone(
    names.filter((_, place) => numbers[place] === undefined || numbers.indexOf(numbers[place]) !== place),
    "Call it db/migrations/0042_what_it_brings.sql, with a number of its own:",
  );
});

test("no file is called a service, a manager, a helper, a util, a base or an index", () => {
  assertNone(
    sources.map(({ path }) => path).filter((path) =>
      path.split(/[/._-]/).some((word) => /^(managers?|helpers?|utils?|utilit(y|ies)|bases?)$/i.test(word)) ||
      /(^|\/)index\.(tsx?|jsx?)$/.test(path)
    ),
    "Call it what it does or what it is about:",
  );
});

test("nothing is called a Service, a Manager, a Helper, a Util or a Base", () => {
  assertNowhere(
    code,
    /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:class|interface|type|function|const)\s+(?:\w*[a-z0-9])?(?:Managers?|Helpers?|Utils?|Utilit(?:y|ies)|Base)(?![a-z])\w*/gm,
    "Call it what it does or what it is about:",
  );
});

test(`no file is longer than ${MOST_LINES} lines`, () => {
  assertNone(
    written.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path} has ${lines}`),
    "Find the two ideas in it:",
  );
});

test("every file opens with one to four lines on what it is for", () => {
  const broken = written.filter(({ path, text }) => {
    const mark = path.endsWith(".sql") ? "-- " : "// ";
    const lines = text.split("\n");
    const end = lines.findIndex((line) => !line.startsWith(mark));
    const prose = lines.slice(0, end).map((line) => line.slice(mark.length)).join(" ");
    return end < 1 || end > 4 || !/^\S+(\s+\S+){2,}/.test(prose) ||
      /^(deno-lint|@ts-|eslint|<reference)/.test(prose);
  });
  assertNone(
    broken.map(({ path }) => `${path}:1`),
    "Say in one to four lines what this room is for, and the rule it keeps:",
  );
});

test("every table and index of a migration has its prose", () => {
  const broken: string[] = [];
  for (const { path, text } of sources.filter(({ path }) => path.endsWith(".sql"))) {
    let line = 1;
    let above = "";
    for (const paragraph of text.split("\n\n")) {
      const made = paragraph.match(/^create (?:unique )?(?:table|index) (?:if not exists )?\w+/m)?.[0];
      // What stands first may be what the file's opening is about.
      if (made && !paragraph.trimStart().startsWith("--") && !/^(--.*\n?)+$/.test(above)) {
        broken.push(`${path}:${line}: ${made}`);
      }
      line += paragraph.split("\n").length + 1;
      above = paragraph;
    }
  }
  assertNone(broken, "Say above it what it is for:");
});

test("the environment is read in config.ts alone", () => {
  const places = code.filter(({ path }) => !under(...Object.keys(readers))(path)).map(withoutComments);
  assertNowhere(
    places,
    /\b(?:Deno|process|import\.meta)\.env\b/g,
    "Add the variable to the schema of server/config.ts, and hand it on:",
  );
});

test("every file that may read the environment does", () => {
  assertNone(
    Object.keys(readers).filter((place) =>
      !code.some(({ path, text }) => under(place)(path) && /\bDeno\.env\b/.test(text))
    ),
    "Take it out of `readers` in tests/rules/files_test.ts:",
  );
});

test("every environment variable is in the README's table, and no other", () => {
  const [, schema] = sourceOf("server/config.ts").match(/^const schema = z\.object\(\{\n([^]*?)^\}\)/m)!;
  const checked = [...schema.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name]) => name);
  assert.ok(checked.includes("PORT"), "This test cannot read the schema of server/config.ts any more.");
  const tables = sourceOf("README.md").match(/(?:^\|.*\n)+/gm) ?? [];
  const table = tables.find((rows) => /^\|[^|]*`PORT`/m.test(rows));
  assert.ok(
    table,
    "README.md has no table with a row that begins with `PORT`. Explain the environment in one.",
  );
  const cells = table.split("\n").map((row) => row.split("|")[1] ?? "").join("\n");
  const explained = [...cells.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name]) => name);
  assertNone([
    ...checked.filter((name) => !explained.includes(name)).map((name) => `${name} is not in the table`),
    ...explained.filter((name) => !checked.includes(name)).map((name) => `there is no ${name}`),
    ...explained.filter((name, place) => explained.indexOf(name) !== place).map((name) =>
      `${name} is there twice`
    ),
  ], "Bring server/config.ts and the table of variables in README.md together:");
});

// A letter in brackets matches itself, so that these patterns do not find themselves.

test("nothing is left for later", () => {
  assertNowhere(
    sources.filter(({ path }) => path !== "deno.lock"),
    /\bT[O]DO\b|\bF[I]XME\b|\b[Cc]oming s[o]on\b|\b[Nn]ot (?:yet )?i[m]plemented\b|\b[Ll][o]rem ipsum\b/g,
    "Do it now, or leave it out:",
  );
});

test("nothing points at the machine it was written on", () => {
  assertNowhere(
    sources,
    /(?<![\w.@~/-])\/(?:[h]ome|[r]oot|[w]ork|[U]sers|[m]nt)\/[\w.-]+|\bfile:\/\/\/\w[\w/]*/g,
    "Make the path one from the root of the repository:",
  );
});

test("nothing names a package registry of ours", () => {
  assertNowhere(
    sources,
    /\bhttps?:\/\/[^\s/"'`]*(?:registry|mirror|artifactory|nexus|verdaccio|\bproxy\b)[^\s"'`)]*/g,
    "Which registry is asked is the business of whoever installs:",
  );
  assertNowhere(
    sources.filter(({ path }) => path === "deno.lock"),
    /https?:\/\/[^\s"]+/g,
    "Lock npm packages only:",
  );
  assertNone(
    sources.map(({ path }) => path).filter((path) => /(^|\/)(\.npmrc|\.yarnrc\S*|\.env)$/.test(path)),
    "Settings of one machine stay there:",
  );
});

test("no test is skipped, and none keeps the others from running", () => {
  const tests = code.filter(({ path }) => under("tests/")(path)).map(withoutComments);
  assertNowhere(
    tests,
    /\btest\.(?:only|ignore|skip)\b|\b(?:only|ignore):\s*true\b|\b(?:it|describe)\.(?:only|skip)\b/g,
    "Make it pass, or take it out:",
  );
});

test("every test is found: its file is called …_test.ts, and only such files have tests", () => {
  const named = (path: string) => /_test\.tsx?$/.test(path);
  assertNone(
    code.filter(({ path, text }) =>
      path !== "tests/support/test.ts" && named(path) !== /^\s*(?:Deno\.)?test\(/m.test(text) ||
      named(path) && !under("tests/")(path)
    ).map(({ path }) => path),
    "Put tests into tests/…/what_they_are_about_test.ts, written with test():",
  );
});

test("names of tests are sentences", () => {
  const short = /^\s*test\(\s*(?:"([^"]*)"|`([^`]*)`)/gm;
  assertNone(
    code.filter(({ path }) => under("tests/")(path)).flatMap((source) => find(source, short))
      .filter(({ found }) =>
        (found[1] ?? found[2]).trim().split(/\s+/).length < 3 || /\.$/.test(found[1] ?? found[2])
      )
      .map(({ at, found }) => `${at}: ${found[1] ?? found[2]}`),
    "Say what holds, in a sentence without a full stop:",
  );
});
