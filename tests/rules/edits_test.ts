// Nothing is overwritten that a person did not change: every procedure that edits takes the revision that was seen, and the
// panel calls them in one place, which sends what differs and asks about conflicts.
import assert from "node:assert/strict";
import { appRouter } from "../../server/trpc/router.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

interface Procedure {
  _def: { type: string; inputs: { shape?: Record<string, unknown> }[] };
}

const mutations = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
  .filter(([, { _def }]) => _def.type === "mutation")
  .map(([name, { _def }]) => ({
    name,
    fields: Object.keys(Object.assign({}, ..._def.inputs.map((i) => i.shape ?? {}))),
  }));

/** Replace what the caller has to know in full, and nothing that was seen. */
const replacing = new Set(["account.changePassword"]);

const edits = mutations.filter(({ fields }) => fields.includes("revision")).map(({ name }) => name);

/** The only file that calls them. */
const mechanism = "web/lib/edits.ts";

const panel = code.filter(({ path }) => under("web/")(path) && path !== mechanism).map(withoutComments);

test("every procedure that edits can be told what was seen", () => {
  assert.ok(edits.length > 10, edits.join());
  assertNone(
    mutations.filter(({ name, fields }) =>
      (fields.includes("changes") || /\.(edit|change|update|set)(?![a-z])/.test(name)) &&
      !fields.includes("revision") && !fields.includes("seen") && !replacing.has(name)
    ).map(({ name }) => name),
    "Build its input with editOf, and hand the revision to the verb:",
  );
});

test("the panel edits through one mechanism", () => {
  const named = new Set(edits);
  const verbs = new Set(edits.map((name) => name.split(".")[1]).filter((verb) => verb !== "assign"));
  assertNone(
    panel.flatMap((source) => [
      ...find(source, /\btrpc\s*\.\s*(\w+)\s*\.\s*(\w+)/g),
      ...find(source, /\b(?:useApiMutation|fetchQuery)\(\s*"(\w+)",\s*"(\w+)"/g),
    ]).filter(({ found: [, noun, verb] }) => named.has(`${noun}.${verb}`)).map(({ at, found }) =>
      `${at} ${found[1]}.${found[2]}`
    ),
    `Edit with createEditForm, EditCard, EditDialog or editInline, which use ${mechanism}:`,
  );
  assertNone(
    panel.flatMap((source) => find(source, /\btrpc\s*\[[^\]]+\]\s*\.\s*(\w+)/g))
      .filter(({ found: [, verb] }) => verbs.has(verb)).map(({ at }) => at),
    `Name the kind of object in ${mechanism}:`,
  );
});

test("the mechanism calls every procedure that edits", () => {
  const text = code.find(({ path }) => path === mechanism)!.text;
  assertNone(edits.filter((name) => !text.includes(`trpc.${name}.mutate(`)), `Add them to ${mechanism}:`);
});

test("a changed field is sent only with the revision it was changed in", () => {
  assertNone(
    panel.filter(({ path }) => path !== "web/lib/edit_form.ts")
      .flatMap((source) => find(source, /\b(?:sendEdit\(|edited:)/g)).map(({ at }) => at),
    "Leave this to web/lib/edit_form.ts:",
  );
});

test("every field of a form says what it is called, for the question whose value to keep", () => {
  const described = new Set(
    panel.flatMap((source) => find(source, /describeField\(\s*"(\w+)"/g)).map(({ found }) => found[1]),
  );
  assertNone(
    panel.filter(({ text }) => !/\bdescribe(Field|In)\(/.test(text))
      .flatMap((source) => find(source, /\bprops\.form\.set\(\s*(?:"(\w+)"|(props\.name))/g))
      .filter(({ found: [, name] }) => name === undefined || !described.has(name))
      .map(({ at, found }) => `${at} ${found[1] ?? found[2]}`),
    "Call form.describeField where the field is made:",
  );
});
