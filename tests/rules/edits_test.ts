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

/** By its revision, or where there is none by its value. */
const namesWhatWasSeen = (fields: string[]) =>
  ["revision", "seen", "was"].some((name) => fields.includes(name));

test("every procedure that edits can be told what was seen", () => {
  assert.ok(edits.length > 10, edits.join());
  assertNone(
    mutations.filter(({ name, fields }) =>
      (fields.includes("changes") && !/\.preview/.test(name) ||
        /\.(edit|change|update|set)(?![a-z])/.test(name)) &&
      !namesWhatWasSeen(fields) && !replacing.has(name)
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

/**
 * What other mutations do. They say all there is to say and replace nothing that a person typed: they create, they move
 * something into the one state they are named after, or they are about the caller's own sign-in.
 */
const otherVerbs = new RegExp(
  "^(?:" + [
    "create|add|adjust|apply|invite|issue|publish|record|register|generate|start|test|export|preview|open|request|send",
    "delete|restore|revoke|remove|erase|end|cancel|disable|enable|deactivate|release|allocate|rotate|announce|retire|resolve|reopen|undo",
    "extend|renew|log|transfer|toggle|mark|unlink|replay|sign|accept|complete|confirm|reauthenticate|analytics",
  ].join("|") + ")(?![a-z])",
);

test("a mutation with another verb says what it changed before, or is known to replace nothing", () => {
  assertNone(
    mutations.filter(({ name, fields }) =>
      !namesWhatWasSeen(fields) && !replacing.has(name) &&
      name !== "account.resetPassword" && !otherVerbs.test(name.split(".")[1])
    ).map(({ name }) => name),
    "If it replaces a value, build its input with editOf. If it creates or sets a state, add its verb above:",
  );
});

/** Verbs that update what a person edits: those that can be told the revision. */
const updating = code.filter(({ path }) => under("server/domain/")(path)).map(withoutComments)
  .flatMap((source) => [
    ...find(source, /\bupdate: (update[A-Z]\w+),/g),
    ...find(
      source,
      /\bfunction (\w+)(?:<[^(]*>)?\(\s*ctx: Context,(?:(?!\bfunction\b)[^])*?\b(?:Update<|SeenRevision)/g,
    ),
  ]).map(({ found }) => found[1]).filter((name) => !/^delete/.test(name));

/** Calls that apply to any revision, with the reason. */
const anyRevision: Record<string, string> = {
  "server/domain/leads/leads.ts": "the lead was created in the same transaction",
  "server/domain/customers/import_save.ts":
    "the rows of a file replace what the customers have, as the person has chosen",
  "server/domain/leads/import_update.ts":
    "the rows of a file replace what the leads have, as the person has chosen",
};

test("the server hands the revision to every verb that updates", () => {
  assert.ok(updating.length > 10, updating.join());
  assertNone(
    code.filter(({ path }) =>
      under("server/")(path) && !under("server/demo/")(path) && !(path in anyRevision)
    )
      .map(withoutComments)
      .flatMap((source) =>
        find(source, new RegExp(`(?<!function )\\b(?:${updating.join("|")})\\(ctx,`, "g")).filter((
          { found },
        ) => !/\brevision\b|\binput\)$/.test(argumentsAt(source.text, found.index! + found[0].length))).map((
          { at, found },
        ) => `${at} ${found[0]}`)
      ),
    "Hand the caller's `revision` to it, or say above why any will do:",
  );
});

/** The arguments from here to the closing parenthesis. */
function argumentsAt(text: string, from: number): string {
  let depth = 1;
  let at = from;
  for (; at < text.length && depth > 0; at++) depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
  return text.slice(from, at);
}

/** The columns of what administrators edit, by table. */
const edited: Record<string, string> = {
  administrators: "name|role|disabled_at",
  contacts: "name|email|phone|position",
  customers: "name|email",
  institutions: "name|type|stage|website|city|country|notes",
  licenses:
    "customer_id|plan_id|user_id|type|is_active|valid_from|valid_until|max_activations|max_users|\\$\\{change\\.set\\}",
  plans: "code|name|license_type|duration|max_activations|max_users|features",
  products: "code|name",
  releases: "version|channel|released_on|download_url|release_notes|is_mandatory",
  resources: "type|identifier",
  settings: "value",
  users: "name|email",
  webhooks: "url|description|format|event_types|headers",
};

/** Files that write them without a revision, with the reason. */
const writers: Record<string, string> = {
  "server/domain/accounts/erase.ts": "erases personal data",
  "server/domain/customers/erase.ts": "erases personal data",
  "server/domain/leads/erase.ts": "erases personal data",
  "server/domain/licenses/erase.ts": "erases personal data",
  "server/domain/leads/move.ts": "moves leads with their customer, which is merged",
  "server/domain/licenses/bulk_changes.ts":
    "enables, disables and extends what is not so yet, and says which licenses changed",
  "server/domain/licenses/scheduled_changes.ts": "carries out what administrators scheduled",
  "server/domain/administrators/identity_sign_in.ts": "the identity provider decides the role",
};

test("every statement that replaces an edited value is beside a comparison of revisions", () => {
  const statement = /\bupdate (\w+)(?: \w+)?\s+set\s+([^`]*?)(?=\bwhere\b|\bfrom\b|\breturning\b|`)/g;
  assertNone(
    code.filter(({ path }) => under("server/domain/")(path) && !(path in writers)).map(withoutComments)
      .filter(({ text }) => !/\brequireRevision\(|\bupdateEntity\(|\bentityVerbs</.test(text))
      .flatMap((source) =>
        find(source, statement).filter(({ found: [, table, set] }) =>
          table in edited && new RegExp(`(?:^|[\\s,])(?:${edited[table]})\\s*(?:=|$)`).test(set)
        ).map(({ at, found }) => `${at} ${found[0].replace(/\s+/g, " ").slice(0, 80)}`)
      ),
    "Use updateEntity or requireRevision, or say above why nothing is lost:",
  );
});
