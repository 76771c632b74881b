// Migrations after the baseline are safe while programs of two versions run: what blocks a table, and what takes away
// what the previous version uses, is found. docs/operations/upgrades.md says what to write instead.
import assert from "node:assert/strict";
import { isOlder, ownProgram, parseMigration, readMigrations } from "../../db/migration_files.ts";
import { test } from "../support/test.ts";
import { findUnsafe, noHistory } from "./migration_safety.ts";
import { assertNone } from "./source.ts";

/**
 * The last migration of the first release, which creates everything in an empty database. Until then all of them belong
 * to it.
 */
const lastOfBaseline: string = "";

test("migrations after the baseline neither block a table nor take away what the previous version uses", async () => {
  if (lastOfBaseline === "") {
    assert.ok(
      isOlder(ownProgram.version, "1.0.0"),
      "1.0.0 is released: name its last migration as `lastOfBaseline` in tests/rules/migrations_test.ts",
    );
    return;
  }
  const history = noHistory();
  const unsafe: string[] = [];
  for (const migration of await readMigrations(ownProgram.folder)) {
    if (migration.name <= lastOfBaseline) continue;
    const found = await findUnsafe(migration, history, ownProgram.version);
    unsafe.push(...found.map((problem) => `db/migrations/${migration.name} ${problem}`));
  }
  assertNone(unsafe, "Write it so that requests go on meanwhile:");
});

test("no migration requires a later program than this one", async () => {
  assertNone(
    (await readMigrations(ownProgram.folder)).filter(({ requires }) => isOlder(ownProgram.version, requires))
      .map(({ name, requires }) => `${name} requires ${requires}`),
    `This is ${ownProgram.version}:`,
  );
});

/** What is found in one file of a program 1.3.0, whose predecessor is 1.2.0. */
async function check(sql: string, history = noHistory(), requires = "1.2.0"): Promise<string> {
  const migration = parseMigration("9001_test.sql", `-- requires program ${requires}\n${sql}`);
  return (await findUnsafe(migration, history, "1.3.0")).join("; ");
}

const unsafe: [sql: string, advice: RegExp][] = [
  ["create index licenses_by_a on licenses (a);", /create index concurrently/],
  ["create unique index licenses_by_a on licenses (a);", /create index concurrently/],
  ["create index concurrently if not exists licenses_by_a on licenses (a);", /-- no transaction/],
  ["-- no transaction\ncreate index concurrently licenses_by_a on licenses (a);", /if not exists/],
  ["drop index licenses_by_a;", /drop index concurrently/],
  ["alter table licenses add column a uuid default gen_random_uuid();", /default that differs by row/],
  ["alter table licenses add column a double precision default random() * 2;", /default that differs by row/],
  ["alter table licenses add column a timestamptz default clock_timestamp();", /default that differs by row/],
  ["alter table licenses add column a bigserial;", /rewrites the table/],
  ["alter table licenses add column a bigint generated always as identity;", /rewrites the table/],
  ["alter table licenses add column a text generated always as (key || 'x') stored;", /rewrites the table/],
  ["alter table licenses add column a text not null;", /give it a default/],
  ["alter table licenses add column a text check (a <> '');", /not valid/],
  ["alter table licenses add column a bigint references customers (id);", /not valid/],
  ["alter table licenses add column a text unique;", /unique index concurrently/],
  ["alter table licenses add constraint licenses_a_present check (a <> '');", /not valid/],
  ["alter table licenses add constraint licenses_a_fkey foreign key (a) references b (id);", /not valid/],
  ["alter table licenses add constraint licenses_a_unique unique (a);", /unique index concurrently/],
  ["alter table licenses add constraint licenses_a_excluded exclude using gist (a with &&);", /unique index/],
  ["alter table licenses add constraint licenses_a_present not null a;", /not valid/],
  ["alter table licenses alter column a set not null;", /check that a is not null/],
  ["alter table licenses alter column a type bigint;", /column of the new type/],
  ["alter table licenses drop column a;", /unused since/],
  ["-- unused since program 1.3.0\nalter table licenses drop column a;", /in a later version/],
  ["-- unused since program 1.2.5\nalter table licenses drop column a;", /requires program 1\.2\.5/],
  ["drop table resources;", /unused since/],
  ["drop trigger a on licenses;", /unused since/],
  ["drop function notify_change;", /unused since/],
  ["alter table licenses rename column a to b;", /add the new one/],
  ["alter table licenses rename to permits;", /add the new one/],
  ["alter table licenses rename constraint a to b;", /add the new one/],
  ["update licenses set a = 1;", /batches/],
  ["delete from licenses where a = 1;", /batches/],
  ["do $$ begin update licenses set a = 1; end $$;", /commits after each batch/],
  ["lock table licenses;", /leave it out/],
  ["truncate licenses;", /leave it out/],
  ["alter table licenses add column a text; alter table users add column a text;", /a file for each table/],
  [
    "alter table licenses add constraint licenses_a_b check (a > 1) not valid;\n" +
    "alter table licenses validate constraint licenses_a_b;",
    /file of its own/,
  ],
];

for (const [sql, advice] of unsafe) {
  test(`found as unsafe: ${sql.replaceAll("\n", " ")}`, async () => assert.match(await check(sql), advice));
}

const safe = [
  "alter table licenses add column a text;",
  "alter table licenses add column a text not null default '', add column b timestamptz default now();",
  "alter table licenses add column a integer not null default 5 * 2;",
  "alter table licenses add column a text generated always as (key || 'x') virtual;",
  "-- no transaction\ncreate index concurrently if not exists licenses_by_a on licenses (a);",
  "-- no transaction\ndrop index concurrently if exists licenses_by_a;",
  "create table parts (id bigint primary key, license_id bigint references licenses (id), a text check (a <> ''));\n" +
  "create index parts_by_license on parts (license_id);\nalter table parts alter column a set not null;",
  "alter table licenses add constraint licenses_a_present check (a <> '') not valid;",
  "alter table licenses add constraint licenses_a_unique unique using index licenses_by_a;",
  "alter table licenses validate constraint licenses_a_present;",
  "alter table licenses drop constraint licenses_a_present;",
  "alter table licenses alter column a drop not null, alter column b set default 1;",
  "-- unused since program 1.2.0\nalter table licenses drop column a;",
  "-- no transaction\ndo $$ begin update licenses set a = 1 where id < 5; commit; end $$;",
  "create trigger a after insert on licenses for each row execute function notify_change();",
  "insert into settings (name, value) values ('a', '1');",
];

for (const sql of safe) {
  test(`found as safe: ${sql.replaceAll("\n", " ").slice(0, 100)}`, async () =>
    assert.equal(await check(sql), ""));
}

test("set not null is safe once a check was validated by an earlier migration", async () => {
  for (const constraint of ["check (a is not null)", "not null a"]) {
    const history = noHistory();
    const add = `alter table licenses add constraint licenses_a_present ${constraint} not valid;`;
    assert.equal(await check(add, history), "");
    assert.match(await check("alter table licenses alter column a set not null;", history), /check that a/);
    assert.equal(await check("alter table licenses validate constraint licenses_a_present;", history), "");
    assert.equal(await check("alter table licenses alter column a set not null;", history), "");
  }
});

test("a migration may not require a later program than its own", async () => {
  assert.match(
    await check("select 1;", noHistory(), "1.4.0"),
    /requires program 1\.4\.0, but this is 1\.3\.0/,
  );
});
