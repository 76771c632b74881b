// Architecture rule 14: what starts or ends sessions, changes a credential or uses a code works on the locked row of the
// account. The row's type is made by the functions that lock, and every function that writes these tables has one.
import { test } from "../support/test.ts";
import { assertNone, code, lineOf, type Source, under, withoutComments } from "./source.ts";
import { writesOf } from "./sql.ts";

/** Tables of which every row is a session, a credential or a code, and the accounts themselves. */
const tables = new Set([
  "administrator_challenges",
  "administrator_identities",
  "administrator_passkeys",
  "administrator_password_links",
  "administrator_pending_sign_ins",
  "administrator_provider_requests",
  "administrator_recovery_codes",
  "administrator_sessions",
  "administrator_setup_links",
  "administrators",
  "email_links",
  "sessions",
  "users",
]);

/** Functions that need no lock of their own, each with the reason. */
const exceptions: Record<string, string> = {
  "accounts/app_state.ts recordAppState": "a state that an app reports, no credential",
  "accounts/edit_user.ts (module)": "the statement of `updateUser`, which locks",
  "accounts/email_links.ts deleteOldLinks": "deletes links that are long invalid",
  "accounts/email_links.ts processRequest": "gives a token to a request, with the user locked",
  "accounts/email_links.ts requestLink": "a request, which has no token yet",
  "accounts/email_links.ts revokeLinks": "can only take away, and is one statement",
  "accounts/email_links.ts useLink": "one statement uses the link up; of a user, `useUserLink` locks",
  "accounts/end_sessions.ts deleteExpiredSessions": "deletes sessions that have expired",
  "accounts/end_sign_ins.ts endUserSignIns": "after a restore, when no other program uses the database",
  "accounts/refresh_sessions.ts replaceSessions": "its statement locks the users of all its sessions",
  "accounts/users.ts insertUser": "inserts the row",
  "administrators/create.ts insertAdministrator": "inserts the row",
  "administrators/end_sign_ins.ts endAdministratorSignIns":
    "after a restore, when no other program uses the database",
  "administrators/factors.ts recordSecondFactor": "of the actor's session; its callers lock",
  "administrators/first_owner.ts createSetupLink": "a link to an account that does not exist yet",
  "administrators/password_links.ts deleteOldPasswordLinks": "deletes links that are long invalid",
  "administrators/password_links.ts requestPasswordLink": "a request, which has no token yet",
  "administrators/provider_requests.ts consumeProviderRequest": "one statement uses the request up",
  "administrators/provider_requests.ts createProviderRequest": "a random value, no credential",
  "administrators/passkey_challenges.ts consumeChallenge": "one statement uses the challenge up",
  "administrators/passkey_challenges.ts createChallenge": "a random value, no credential",
  "administrators/reauthentication.ts recordAuthentication": "of the actor's session; its callers lock",
  "administrators/session_actor.ts recordUse": "the time of the last request",
  "administrators/sessions.ts correctSessionsAhead": "times that are ahead; can only take away",
  "administrators/sessions.ts deleteExpiredSessions": "deletes sessions that have expired",
};

const domain = code.filter(({ path }) => under("server/domain/")(path)).map(withoutComments);
const locks =
  /\b(?:LockedUser|LockedAdministrator|lockUser|lockAdministrator|lockActor|lockVerified\w+|useUserLink)\b/;

/** The top-level functions of a file, and what is outside of them. */
function functionsOf({ path, text }: Source): { name: string; start: number; text: string }[] {
  const starts = [...text.matchAll(/^(?:export )?(?:async )?function\*? (\w+)/gm)];
  return [
    { name: "(module)", start: 0, text: text.slice(0, starts[0]?.index ?? text.length) },
    ...starts.map(({ 1: name, index }, number) => ({
      name,
      start: index,
      text: text.slice(index, starts[number + 1]?.index ?? text.length),
    })),
  ].map((found) => ({ ...found, name: `${path.replace("server/domain/", "")} ${found.name}` }));
}

const writers = domain.flatMap((source) =>
  functionsOf(source).flatMap(({ name, start, text }) =>
    writesOf(text).filter(({ table }) => tables.has(table)).map(({ index, text: statement, table }) => ({
      name,
      statement,
      table,
      at: `${source.path}:${lineOf(source.text, start + index)}`,
      isLocked: locks.test(text),
    }))
  )
);

test("there are writers to check", () => {
  assertNone(writers.length > 20 ? [] : [String(writers.length)], "This test cannot read the SQL any more:");
});

test("functions that write accounts, sessions and credentials lock the account, except those listed", () => {
  assertNone(
    writers.filter(({ name, isLocked }) => !isLocked && !(name in exceptions))
      .map(({ at, name, statement }) => `${at} ${name} says "${statement}"`),
    "Take the row that `lockUser` or `lockAdministrator` returns, and decide by it:",
  );
});

test("every exception for a lock is still needed", () => {
  assertNone(
    Object.keys(exceptions).filter((name) => !writers.some((writer) => writer.name === name)),
    "Remove it from `exceptions` in tests/rules/account_locks_test.ts:",
  );
});

test("sessions are inserted by one function each, and by the refresh", () => {
  assertNone(
    writers.filter(({ statement, table }) => statement.startsWith("insert") && table.endsWith("sessions"))
      .map(({ name }) => name)
      .filter((name) =>
        ![
          "accounts/refresh_sessions.ts replaceSessions",
          "accounts/start_session.ts startSession",
          "administrators/sessions.ts createSession",
        ].includes(name)
      ),
    "Call startSession or createSession, which take the locked row:",
  );
});

test("only the functions that lock make a locked row", () => {
  assertNone(
    code.map(withoutComments).flatMap((source) =>
      [...source.text.matchAll(
        /\bas (?:unknown as )?Locked(?:User|Administrator)\b|<Locked(?:User|Administrator)\[\]>/g,
      )]
        .map(({ index }) => `${source.path}:${lineOf(source.text, index)}`)
    ).filter((at) => !/\/lock_(?:user|administrator)\.ts:/.test(at)),
    "Lock the row instead:",
  );
});
