// The command line as administrators use it: sign in, create, find, disable, extend, list, sign out; and how commands end.
import assert from "node:assert/strict";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { type Ended, Shell } from "../support/command_line.ts";
import { codeOf, enableSecondFactor, expireAuthentication } from "../support/second_factor.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const manager = await makeAdministrator(server, "manager");
const shell = new Shell();
const latchkey = (...args: string[]) => shell.run(args);

/** A command that has to succeed, and its JSON. */
async function done(...args: string[]) {
  const { code, err, out } = await latchkey(...args, "--json");
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

const ends = ({ code, err }: Ended, expected: number, words: RegExp) => {
  assert.equal(code, expected, err);
  assert.match(err, words);
};

test("a sign-in stores a token that no one else can read, and later commands use it", async () => {
  ends(await latchkey("licenses", "list"), 3, /No server is named\.\n→ latchkey sign-in/);
  const signIn = ["sign-in", "--url", `${server.url}/`, "--email", manager.email];
  ends(await shell.run(signIn, "wrong password"), 3, /incorrect/i);
  const { code, out, err } = await shell.run(signIn, `${PASSWORD}\n`);
  assert.equal(code, 0, err);
  assert.match(out, new RegExp(`${manager.email} \\(manager\\) is signed in to ${server.url} until `));
  assert.equal((await Deno.stat(shell.sessionFile)).mode! & 0o777, 0o600);
  assert.deepEqual((await done("who-am-i")).email, manager.email);

  await Deno.chmod(shell.sessionFile, 0o644);
  ends(await latchkey("who-am-i"), 3, /Others can read .*sessions\.json/);
  await Deno.chmod(shell.sessionFile, 0o600);
});

let key = "";

test("products, plans, customers and licenses are created, and named by code, email and key", async () => {
  await done("products", "create", "--code", "paint", "--name", "Paint");
  const terms = [
    "--license-type",
    "subscription",
    "--duration",
    "P1Y",
    "--max-activations",
    "2",
    "--max-users",
    "1",
  ];
  await done("plans", "create", "--product", "paint", "--code", "yearly", "--name", "Yearly", ...terms);
  const customer = ["--name", "Blue Harbor", "--email", "office@blueharbor.example", "--tags", "edu,beta"];
  assert.deepEqual((await done("customers", "create", ...customer)).tags, ["edu", "beta"]);
  const license = await done(
    ...[
      "licenses",
      "create",
      "--customer",
      "OFFICE@blueharbor.example",
      "--product",
      "paint",
      "--plan",
      "yearly",
    ],
    ...["--max-users", "4", "--set", "grace_days=7"],
  );
  assert.deepEqual([license.plan_code, license.max_activations, license.max_users, license.grace_days], [
    "yearly",
    2,
    4,
    7,
  ]);
  key = license.key;
  const [shown, changed] = await Promise.all([
    latchkey("license", "show", key.toLowerCase().replaceAll("-", "")),
    done("plans", "update", "paint/yearly", "--max-users", "3"),
  ]);
  assert.match(shown.out, new RegExp(`^key +${key}$`, "m"));
  assert.equal(changed.max_users, 3);
});

test("licenses are disabled, enabled, extended and deleted, and a wrong key changes none", async () => {
  ends(await latchkey("licenses", "disable", key, "NO-SUCH-KEY"), 1, /no license with the key NO-SUCH-KEY/);
  assert.equal((await done("licenses", "show", key)).state, "active");
  const disabled = await done("licenses", "disable", key, "--reason", "Charged back");
  assert.deepEqual([disabled.rows[0].state, disabled.rows[0].disabled_reason], ["inactive", "Charged back"]);
  const [enabled] = (await done("licenses", "enable", key)).rows;
  const [extended] = (await done("licenses", "extend", key, "--by", "P1M")).rows;
  assert.deepEqual([enabled.state, extended.valid_until > enabled.valid_until], ["active", true]);
  ends(await latchkey("licenses", "delete", key), 2, /Nothing was changed\.\n→ Repeat it with --yes/);
  const { id } = await done("licenses", "delete", key, "--yes");
  assert.equal((await done("licenses", "restore", String(id))).key, key);
});

test("lists have filters by name, pages, and no colours where no terminal is", async () => {
  for (const name of ["One", "Two", "Three"]) await manager.post("/api/admin/customers", { name });
  const page = await done("customers", "list", "--sort", "id", "--limit", "2");
  assert.deepEqual([page.rows.length, page.total, typeof page.next], [2, 4, "string"]);
  assert.equal((await done("customers", "list", "--all")).rows.length, 4);
  const { out } = await latchkey(
    "licenses",
    "list",
    "--customer",
    "office@blueharbor.example",
    "--state",
    "active",
  );
  assert.match(out, new RegExp(`^id +key +state .*\n\\d+ +${key} +active +paint +yearly +Blue Harbor `));
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(out, /\x1b/);
});

test("commands end with 1 when refused, 2 when used wrongly, 3 without a token, 4 without a server", async () => {
  const away = { LATCHKEY_URL: "http://127.0.0.1:9", LATCHKEY_TOKEN: "lka_x" };
  const [refused, unknown, missing, noNumber, noToken, notReached, help, asJson] = await Promise.all([
    latchkey("products", "create", "--code", "paint", "--name", "Again"),
    latchkey("licenses", "lst"),
    latchkey("licenses", "create"),
    latchkey("licenses", "list", "--limit", "many"),
    shell.run(["licenses", "list"], "", { ...away, LATCHKEY_URL: server.url }),
    shell.run(["licenses", "list"], "", away),
    latchkey("licenses", "create", "--help"),
    latchkey("customers", "show", "nobody@example.com", "--json"),
  ]);
  ends(refused, 1, /code/);
  ends(unknown, 2, /unknown command 'lst'\n\(Did you mean list\?\)\nlatchkey licenses --help says how/);
  ends(missing, 2, /--customer/);
  ends(noNumber, 2, /whole number/);
  ends(noToken, 3, /→ Replace LATCHKEY_TOKEN/);
  ends(notReached, 4, /127\.0\.0\.1:9 cannot be reached.*\n→ Check the address/);
  assert.match(help.out, /Example:\n {2}\$ latchkey licenses create --customer /);
  const { error } = JSON.parse(asJson.err);
  assert.deepEqual([asJson.code, asJson.out, error.exit_code], [1, "", 1]);
  assert.equal(error.next, "latchkey customers list");
});

test("a second factor is asked for, and commands that need a recent sign-in say so", async () => {
  const owner = await makeAdministrator(server, "owner");
  const { secret } = await enableSecondFactor(server, owner);
  const own = new Shell({ LATCHKEY_URL: server.url });
  const signIn = ["sign-in", "--email", owner.email];
  ends(await own.run(signIn, PASSWORD), 3, /→ Add --code 123456/);
  ends(await own.run([...signIn, "--code", codeOf(secret, "next")], PASSWORD), 0, /^$/);
  const webhook = [
    "webhooks",
    "create",
    "--endpoint",
    "https://example.com/x",
    "--event-types",
    "license.created",
  ];
  assert.equal((await own.run(webhook)).code, 0);
  await expireAuthentication(server, owner);
  ends(await own.run(webhook), 3, /→ latchkey sign-in --url /);
  await own.remove();
});

test("a sign-out ends the session at the server", async () => {
  const { servers } = JSON.parse(await Deno.readTextFile(shell.sessionFile));
  const { token } = servers[server.url];
  assert.equal((await done("sign-out")).signed_out, true);
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await server.get("/api/admin/customers", headers)).status, 401);
  ends(await latchkey("licenses", "list", "--url", server.url), 3, /not signed in/);
});

test("the server stops", async () => {
  await shell.remove();
  await server.stop();
});
