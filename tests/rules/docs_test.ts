// Documentation: the README is short, links lead somewhere, decisions have their three parts, and every environment
// variable is described.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../support/test.ts";
import { assertNone, find, type Source, sourceOf, sources } from "./source.ts";

const MAX_README_LINES = 150;
const root = fileURLToPath(new URL("../../", import.meta.url));
const documents = sources.filter(({ path }) => path.endsWith(".md"));
/** Blocks of code have no links; their lines stay, for the numbers of the others. */
const withoutCode = ({ path, text }: Source): Source => ({
  path,
  text: text.replace(/^ *```[^]*?^ *```/gm, (block) => block.replace(/[^\n]/g, "")),
});
const decisions = documents.filter(({ path }) => /^docs\/decisions\/\d/.test(path));

test(`the README has at most ${MAX_README_LINES} lines`, () => {
  assert.ok(sourceOf("README.md").trimEnd().split("\n").length <= MAX_README_LINES);
});

test("links to files and images in the documentation exist", () => {
  const link = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;
  assertNone(
    documents.flatMap((document) =>
      find(withoutCode(document), link)
        // A path from the root leads to the file of the repository, and to the server where it has the same address.
        .filter(({ found: [, to] }) =>
          !existsSync(posix.join(root, to.startsWith("/") ? "" : posix.dirname(document.path), to))
        )
        .map(({ at, found }) => `${at} links to ${found[1]}`)
    ),
    "Correct the link:",
  );
});

test("paths of source files in the documentation exist", () => {
  const path = /`((?:db|server|worker|web|cli|tests|docs)\/[\w./-]+)`/g;
  assertNone(
    documents.flatMap((document) =>
      find(document, path)
        .filter(({ found }) => found[1] !== "web/dist" && !existsSync(posix.join(root, found[1])))
        .map(({ at, found }) => `${at} names ${found[1]}`)
    ),
    "Correct the path:",
  );
});

test("every document in docs is linked from the README or a document that is", () => {
  const linked = new Set(
    documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+\.md)/g)].map(([, to]) => posix.join(posix.dirname(path), to))
    ),
  );
  assertNone(
    documents.map(({ path }) => path).filter((path) => path.startsWith("docs/") && !linked.has(path)),
    "Link to it:",
  );
});

test("a decision says what, why and at which cost, and is numbered once", () => {
  const numbers = decisions.map(({ path }) => path.match(/\/(\d{4})-[a-z0-9-]+\.md$/)?.[1]);
  assertNone(
    decisions.filter(({ text }, index) =>
      numbers[index] === undefined || numbers.indexOf(numbers[index]) !== index ||
      !/^# .+\n\n## What\n\n(?:[^#]|(?<!\n)#)+\n\n## Why\n\n(?:[^#]|(?<!\n)#)+\n\n## Cost\n\n(?:[^#]|(?<!\n)#)+$/
        .test(text)
    ).map(({ path }) => path),
    "Call it docs/decisions/0001-title.md, with the headings What, Why and Cost:",
  );
  assert.ok(decisions.length > 0);
});

/** The variables of the schema, and of the part of it that is in a file of its own. */
function readVariables(): string[] {
  const parts = [
    sourceOf("server/config.ts").match(/^const schema = z\.object\(\{\n([^]*?)^\}\)/m)!,
    sourceOf("server/identity_provider_config.ts")
      .match(/^export const identityProviderVariables = \{\n([^]*?)^\};/m)!,
  ];
  return parts.flatMap(([, part]) => [...part.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name]) => name));
}

test("every environment variable is described in docs/configuration.md, and no other", () => {
  const read = readVariables();
  assert.ok(read.includes("PORT"), "This test cannot read the schema of server/config.ts any more.");
  const described = [...sourceOf("docs/configuration.md").matchAll(/^\| `([A-Z][A-Z0-9_]*)`/gm)]
    .map(([, name]) => name);
  assertNone([
    ...read.filter((name) => !described.includes(name)).map((name) => `${name} is not described`),
    ...described.filter((name) => !read.includes(name)).map((name) => `there is no ${name}`),
    ...described.filter((name, index) => described.indexOf(name) !== index).map((name) =>
      `${name} is described twice`
    ),
  ], "Bring server/config.ts and the table in docs/configuration.md together:");
});

test("production may read exactly the variables of server/config.ts", () => {
  const { permissions } = JSON.parse(sourceOf("deno.json"));
  const read = readVariables();
  const [, list] = sourceOf("cli/latchkey/environment.ts").match(/^const names = \[([^\]]*)\]/m)!;
  const ofPersons = [...list.matchAll(/"(\w+)"/g)].map(([, variable]) => variable);
  for (const [name, set] of Object.entries<{ env: { allow: string[] } }>(permissions)) {
    const matches = (allowed: string, variable: string) =>
      allowed.endsWith("*") ? variable.startsWith(allowed.slice(0, -1)) : allowed === variable;
    assertNone(
      [
        ...read.filter((variable) => !set.env.allow.some((allowed) => matches(allowed, variable))),
        ...set.env.allow.filter((allowed) => !read.some((variable) => matches(allowed, variable)))
          .filter((allowed) => name !== "latchkey" || !ofPersons.includes(allowed)),
      ],
      `Bring the permission set "${name}" of deno.json and server/config.ts together:`,
    );
  }
});
