// The guides: their index and form, that nothing in them escapes the test that runs them, and that they have every error
// code and event.
import assert from "node:assert/strict";
import { describeError } from "../../server/dialects/upload_bridge/error_messages.ts";
import { validationCode } from "../../server/dialects/license_api/fields.ts";
import { publicEventTypes } from "../../server/domain/events/catalogue/catalogue.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { errorCodes } from "../../server/request/error_messages.ts";
import { snippets } from "../../web/pages/webhooks/verify_snippets.ts";
import { guideOf, GUIDES, guides, listedGuides } from "../support/guides.ts";
import { test } from "../support/test.ts";
import { assertNone, find, sourceOf } from "./source.ts";

/** Blocks that are neither run nor compared. Each has its reason on the fence: "json not run: a body …". */
const MOST_NOT_RUN = 2;
const programs = ["csharp", "go", "java", "python", "ts"];
const blocks = guides.flatMap((guide) => guide.blocks.map((block) => ({ guide, ...block })));

test("the index lists every guide once", () => {
  assert.deepEqual([...listedGuides].sort(), guides.map(({ path }) => path).sort());
});

test("a guide opens with its title and one sentence that says what it is about", () => {
  const isOpened = (text: string) => /^# [^\n]+\n\n(?:[^.\n]|\.(?=\w)|\n(?!\n))+\.\n\n/.test(text);
  assertNone(
    guides.filter(({ text }) => !isOpened(text)).map(({ path }) => path),
    "Begin with # Title, an empty line and one sentence:",
  );
});

test("links to headings of the guides lead to one", () => {
  const headings = new Map(guides.map(({ path, text }) => [
    path,
    new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")
      ),
    ),
  ]));
  assertNone(
    guides.flatMap((guide) =>
      find(guide, /\]\((\w+\.md)?#([^)]+)\)/g)
        .filter(({ found: [, file, anchor] }) =>
          !headings.get(file ? GUIDES + file : guide.path)?.has(anchor)
        )
        .map(({ at, found }) => `${at} links to ${found[0].slice(2, -1)}`)
    ),
    "Correct the link:",
  );
});

test("every block is a command, the output of the command before it, or a program that a command runs", () => {
  const receivers = snippets.map(({ code }) => code);
  const isRun = ({ guide, file, text }: typeof blocks[number]) =>
    receivers.includes(text) ||
    file !== null && guide.blocks.some((block) => block.language === "sh" && block.text.includes(file));
  assertNone(
    [
      ...blocks.filter(({ notRun }) => notRun === null).filter((block) =>
        !(block.language === "sh" || block.outputOf || programs.includes(block.language) && isRun(block))
      ).map(({ at, language }) => `${at} (${language || "no language"})`),
      ...guides.flatMap((guide) => find(guide, /^ +```/gm).map(({ at }) => `${at} is indented`)),
    ],
    "Show an output right after its command; name a program's file in its first line and run it; else say why not:",
  );
  const notRun = blocks.filter((block) => block.notRun !== null);
  assert.ok(notRun.length <= MOST_NOT_RUN, notRun.map(({ at }) => at).join("\n"));
});

test("the receivers of webhooks are those that the panel shows, in five languages", () => {
  const shown = guideOf(`${GUIDES}webhooks.md`).blocks.filter(({ language }) => programs.includes(language));
  assert.deepEqual(shown.map(({ language }) => language).sort(), programs);
  const codes = snippets.map(({ code }) => code);
  for (const { at, text } of shown) assert.ok(codes.includes(text), `${at} differs from the panel's`);
});

test("the guide about webhooks names every event that they deliver, and no other", () => {
  const named = [...guideOf(`${GUIDES}webhooks.md`).text.matchAll(/^\| (`[^|]+) \|/gm)]
    .flatMap(([, cell]) => [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
  assert.deepEqual(named.sort(), [...publicEventTypes].sort());
});

test("troubleshooting has a section for each error code, and for no other", () => {
  const sections = [...guideOf(`${GUIDES}troubleshooting.md`).text.matchAll(/^### (\w+)$/gm)].map((
    [, code],
  ) => code);
  assertNone([
    ...errorCodes.filter((code) => !sections.includes(code)).map((code) => `${code} has no section`),
    ...sections.filter((code) => !errorCodes.some((known) => known === code)).map((code) =>
      `there is no ${code}`
    ),
    ...sections.filter((code, at) => sections.indexOf(code) !== at).map((code) => `${code} has two sections`),
  ], "Bring docs/guides/troubleshooting.md and server/request/error_messages.ts together:");
});

test("troubleshooting has the sentences of the Upload Bridge API with their codes", () => {
  const errors = [
    new DomainError("CREDENTIALS_INVALID"),
    new DomainError("MAGIC_LINK_INVALID"),
    new DomainError("SESSION_TOKEN_REQUIRED"),
    new DomainError("SESSION_TOKEN_INVALID"),
    new DomainError("NO_ENTITLEMENT"),
    new DomainError("ACTIVATION_LIMIT_REACHED", { maxActivations: 2, currentActivations: 2 }),
    new DomainError("DEVICE_NOT_FOUND"),
  ];
  const rows = [...guideOf(`${GUIDES}troubleshooting.md`).text.matchAll(/^\| ([^|`]+?) +\| \[`(\w+)`\]/gm)];
  assert.deepEqual(
    rows.map(([, sentence, code]) => [sentence, code]),
    errors.map((error) => [describeError(error).message, error.code]),
  );
});

test("codes and variables that the guides name exist", () => {
  const variables = [...sourceOf("docs/configuration.md").matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  const own = [...guides.flatMap(({ text }) => [...text.matchAll(/\b([A-Z][A-Z_]+)=|env\.([A-Z_]+)/g)])]
    .map(([, set, read]) => set ?? read);
  const known = new Set<string>([...errorCodes, ...validationCode.options, ...variables, ...own]);
  assertNone(
    guides.flatMap((guide) =>
      find(guide, /`([A-Z]+(?:_[A-Z]+)+)`/g).filter(({ found }) => !known.has(found[1]))
        .map(({ at, found }) => `${at} names ${found[1]}`)
    ),
    "Correct the name:",
  );
});

test("the guide for apps says what to do with every validation result", () => {
  const { text } = guideOf(`${GUIDES}integrate.md`);
  for (const code of validationCode.options) assert.match(text, new RegExp(`^\\| \`${code}\``, "m"), code);
});
