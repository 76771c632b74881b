// Preferences of administrators: private, validated and limited in number.
import assert from "node:assert/strict";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const viewer = await signInToPanel(server, "viewer");
const { account } = viewer.client;

test("A preference is stored, replaced and deleted, and visible to its owner only", async () => {
  const other = await signInToPanel(server, "owner");
  const view = { name: "Ending soon", columns: ["key", "validUntil"], filters: { endsBy: "2031-01-01" } };
  await account.setPreference.mutate({ name: "licenses.views", value: [view] });
  await account.setPreference.mutate({ name: "theme", value: "light" });
  await account.setPreference.mutate({ name: "theme", value: "dark" });
  assert.deepEqual(await account.preferences.query(), { "licenses.views": [view], theme: "dark" });
  assert.deepEqual(await other.client.account.preferences.query(), {});
  await account.setPreference.mutate({ name: "theme", value: null });
  await account.setPreference.mutate({ name: "never there", value: null });
  assert.deepEqual(Object.keys(await account.preferences.query()), ["licenses.views"]);
});

test("An invalid preference is refused and changes nothing", async () => {
  const before = await account.preferences.query();
  for (
    const [value, field] of [
      ["x".repeat(16_384), "value"],
      ["a \u0000 in it", "value"],
      ["half a pair: \ud83d", "value"],
      [undefined, "value"],
    ]
  ) {
    const refused = await refusalOf(account.setPreference.mutate({ name: "bad", value }));
    assert.deepEqual([refused.code, refused.details.field], ["INVALID_REQUEST", field], String(value));
  }
  for (const name of ["", "x".repeat(101), "a\nb"]) {
    const refused = await refusalOf(account.setPreference.mutate({ name, value: 1 }));
    assert.equal(refused.details.field, "name", name);
  }
  assert.deepEqual(await account.preferences.query(), before);
  await account.setPreference.mutate({ name: "text about \\u0000", value: "C:\\u0000 \\ud83d 😀" });
  assert.equal((await account.preferences.query())["text about \\u0000"], "C:\\u0000 \\ud83d 😀");
});

test("There are at most two hundred preferences, also with concurrent requests", async () => {
  const person = await signInToPanel(server, "viewer");
  const { account } = person.client;
  await server.db`
    insert into administrator_preferences (administrator_id, name, value, updated_at)
    select ${person.id}, 'old ' || n, '1', now()
    from generate_series(1, 195) as n`;
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => account.setPreference.mutate({ name: `new ${n}`, value: n })),
  );
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 5);
  assert.equal(Object.keys(await account.preferences.query()).length, 200);
  assert.equal((await refusalOf(account.setPreference.mutate({ name: "more", value: 1 }))).code, "CONFLICT");
  await account.setPreference.mutate({ name: "old 1", value: "changed" });
  assert.equal((await account.preferences.query())["old 1"], "changed");
});

test("The server stops without an error", () => server.stop());
