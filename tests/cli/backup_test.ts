// Backups: complete and consistent while writes go on, damaged ones noticed, and a restore that can be used. The restored
// system is checked over HTTP in tests/cli/restore_drill_test.ts.
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDemoData } from "../../server/demo/demo_data.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { issueLicense } from "../../server/domain/licenses/issue.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { runBackup, runRestore } from "../../cli/backup/commands.ts";
import { readEncrypted } from "../../db/backup/encrypted_file.ts";
import { loadBackup } from "../../db/backup/load.ts";
import { connect } from "../../db/connect.ts";
import { migrate } from "../../db/migrate.ts";
import { ownProgram, readMigrations } from "../../db/migration_files.ts";
import { backUp, backupFolder, backupKey, digestRows, restore } from "../support/backups.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { describeSchema } from "../support/schema.ts";
import { testSecrets } from "../support/secrets.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";

const system = await createTestSystem();
const folder = backupFolder();
await loadDemoData(await system.ctx());
const before = await digestRows(system.db);
const file = await backUp(system, folder);
const refused = (message: RegExp) => ({ message });

test("a database that is not empty is left alone; replaced, it has every row, in the same schema", async () => {
  const stores = await createEmptyDatabase();
  await stores.db`create table notes (text text)`;
  await assert.rejects(restore(stores, file), refused(/not empty.*--replace/));
  await stores.db`select from notes`;
  const restored = await restore(stores, file, { replace: true, keepSignIns: true });
  assert.deepEqual(restored.migrated, []);
  assert.deepEqual(await digestRows(stores.db), before);
  assert.equal(await describeSchema(stores.db), await describeSchema(system.db));
  assert.equal((await stores.db`select from events where type = 'backup.restored'`).length, 1);

  await assert.rejects(stores.db`update events set type = 'a.b'`, refused(/append-only/));
  await assert.rejects(stores.db`insert into trial_customers values (-1, -1)`, refused(/foreign key/));
  const [{ highest }] = await stores.db`select max(id) as highest from customers`;
  const customer = await createCustomer({ ...await system.ctx(), db: stores.db }, { name: "Later" });
  assert.ok(
    customer.id > highest + 1000,
    `${customer.id} after ${highest}: ids given since then stay unused`,
  );
  await stores.db.end();
});

test("a backup that is made while writes go on is consistent, and --verify finds it good", async () => {
  const ctx = await system.ctx();
  const [product] = await system.db`select id from products limit 1`;
  const customer = await createCustomer(ctx, { name: "Busy" });
  const license = await issueLicense(ctx, {
    customerId: customer.id,
    productId: product.id,
    type: "perpetual",
    validFrom: "2025-01-01",
    validUntil: null,
    maxActivations: 100_000,
    maxUsers: 1,
  });
  let isDone = false;
  let written = 0;
  const writing = Promise.all([1, 2, 3].map(async (writer) => {
    for (let n = 0; !isDone; n++, written++) {
      const machine = { hardwareId: `${writer}-${n}`, machineName: null, appVersion: null };
      await activateLicense(ctx, { licenseKey: license.key, ...machine });
    }
  }));
  const busy = await backUp(system, backupFolder());
  isDone = true;
  await writing;
  assert.ok(written > 0);
  const lines: string[] = [];
  const settings = { DATABASE_URL: system.databaseUrl, BACKUP_KEY: backupKey };
  await runBackup({ verify: busy }, settings, (line) => lines.push(line));
  assert.match(lines.join("\n"), /is good: \d+ rows of \d+ tables/);
  const left = await system.db`select datname from pg_database where datname like 'latchkey_verify%'`;
  assert.deepEqual([...left], [], "the scratch database is dropped");
  const stores = await createEmptyDatabase();
  await restore(stores, busy);
  const wrong = await stores.db`
    select id
    from licenses l
    where activations_in_use <> (select count(*) from activations a where a.license_id = l.id and a.is_active)`;
  assert.deepEqual([...wrong], []);
  const [counts] = await stores.db`
    select
      (select count(*) from activations where license_id = ${license.id}) as rows,
      (select count(*) from events where license_id = ${license.id} and type = 'license.activated') as events`;
  assert.equal(counts.rows, counts.events);
  await stores.db.end();
});

test("a database that a server uses is left alone", async () => {
  const stores = await createEmptyDatabase();
  const server = connect(stores.databaseUrl, { max: 1, name: "latchkey server" });
  await server`select 1`;
  await assert.rejects(
    restore(stores, file, { replace: true }),
    refused(/latchkey server.*Stop all servers/),
  );
  await server.end();
  await stores.db.end();
});

test("changed, shortened and foreign files are refused and change nothing", async () => {
  const stores = await createEmptyDatabase();
  const bytes = await Deno.readFile(file);
  const other = join(folder, "other.age");
  const middle = Math.floor(bytes.length / 2);
  const flipped = bytes.slice();
  flipped[middle] ^= 1;
  const ends = [
    flipped,
    ...[1, 17, middle, bytes.length - 300].map((cut) => bytes.slice(0, bytes.length - cut)),
  ];
  for (const content of ends) {
    await Deno.writeFile(other, content);
    await assert.rejects(restore(stores, other), refused(/damaged or incomplete|not the backup/));
  }
  await Deno.writeTextFile(other, "select 1;\n");
  await assert.rejects(restore(stores, other), refused(/damaged or incomplete/));
  await assert.rejects(restore(stores, `${other}.missing`), refused(/cannot be read/));
  await assert.rejects(
    restore(stores, file, { key: "another key of more than 32 characters" }),
    refused(/another key/),
  );
  assert.equal((await stores.db`select from pg_tables where schemaname = 'public'`).length, 0);
  await stores.db.end();
});

test("a restore with another ENCRYPTION_KEY is refused with what it would lose", async () => {
  const stores = await createEmptyDatabase();
  const cipher = createCipher("another encryption key of the operator");
  await assert.rejects(
    restore(stores, file, { cipher }),
    refused(/ENCRYPTION_KEY does not open the .*webhook secrets/),
  );
  await stores.db.end();
});

test("a backup of an earlier schema is migrated, one of a later or other schema is refused", async () => {
  const stores = await createEmptyDatabase();
  const names = (await readMigrations(ownProgram.folder)).map(({ name }) => name);
  const older = await createEmptyDatabase();
  await migrate(older.db, { until: names.at(-2) });
  const restored = await restore(stores, await backUp(older, backupFolder()));
  assert.deepEqual(restored.migrated, names.slice(-1));

  await older.db`insert into migrations (name, hash) values ('9999_later.sql', 'x')`;
  await assert.rejects(
    restore(stores, await backUp(older, backupFolder()), { replace: true }),
    refused(/later version, 0\.9\.0, whose migration 9999_later\.sql/),
  );
  await older.db`delete from migrations where name = '9999_later.sql'`;
  await older.db`update migrations set hash = 'x' where name = ${names[0]}`;
  await assert.rejects(
    restore(stores, await backUp(older, backupFolder()), { replace: true }),
    refused(/another migration 0001_settings\.sql/),
  );
  await older.db.end();
  await stores.db.end();
});

test("--keep deletes the oldest backups and nothing else", async () => {
  const own = backupFolder();
  const names = ["20240101T000000Z", "20240102T000000Z", "20240103T000000Z"].map((at) =>
    `latchkey-${at}.sql.zst.age`
  );
  for (const name of [...names, "notes.txt"]) await Deno.writeTextFile(join(own, name), "");
  const lines: string[] = [];
  const settings = { DATABASE_URL: system.databaseUrl, BACKUP_KEY: backupKey };
  await runBackup({ folder: own, keep: 2 }, settings, (line) => lines.push(line));
  const left = [...Deno.readDirSync(own)].map(({ name }) => name).sort();
  assert.equal(left.length, 4);
  assert.ok(
    left.includes(names[2]) && left.includes("notes.txt") && left.includes("erasures.json"),
    left.join(),
  );
  assert.match(lines.join("\n"), /Deleted latchkey-20240101T000000Z/);
});

test("a disk that is full leaves no file, and the backups that were there", async () => {
  const own = backupFolder();
  // Two backups of one second would have the same name.
  const kept = join(own, "latchkey-20250101T000000Z.sql.zst.age");
  await Deno.rename(await backUp(system, own), kept);
  const program = ["run", "-A", "--quiet", "--no-check", "--no-code-cache", "cli/latchkey_main.ts", "backup"];
  // Deno's own files are written before the limit holds.
  await new Deno.Command(Deno.execPath(), { args: program, stderr: "null" }).output();
  // A limit on the size of files gives the same error at the same place as a full disk.
  const { code, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      'trap "" XFSZ; ulimit -f 4; exec "$@"',
      "sh",
      Deno.execPath(),
      ...[...program, own, "--keep", "1"],
    ],
    env: { DATABASE_URL: system.databaseUrl, BACKUP_KEY: backupKey },
  }).output();
  const message = new TextDecoder().decode(stderr);
  assert.equal(code, 1, message);
  assert.match(message, /cannot be written/);
  const left = [...Deno.readDirSync(own)].map(({ name }) => name).filter((name) =>
    name.startsWith("latchkey")
  );
  assert.deepEqual(left, [kept.split("/").at(-1)]);
});

test("a connection that is lost leaves no file, and a database that is restored by another attempt", async () => {
  const own = backupFolder();
  const path = await backUp(system, own);
  await Deno.rename(path, join(own, "other.age"));
  const stores = await createEmptyDatabase();
  /** Ends a connection while it waits for a lock. */
  const terminate = (db: typeof system.db) =>
    eventually(async () => {
      const ended = await db`
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database() and application_name ~ '^latchkey (backup|restore)'
          and wait_event_type = 'Lock'`;
      return ended.length > 0;
    });
  await system.db.begin(async (tx) => {
    await tx`lock table webhooks in access exclusive mode`;
    const failed = assert.rejects(backUp(system, own));
    await terminate(system.db);
    await failed;
  });
  assert.deepEqual([...Deno.readDirSync(own)].map(({ name }) => name).sort(), ["erasures.json", "other.age"]);

  await migrate(stores.db);
  await stores.db.begin(async (tx) => {
    await tx`lock table webhooks in access exclusive mode`;
    const db = connect(stores.databaseUrl, { max: 1, name: "latchkey restore" });
    const failed = assert.rejects(
      readEncrypted(join(own, "other.age"), backupKey, (content) => loadBackup(db, content, { idGap: 0 })),
    );
    await terminate(stores.db);
    await failed;
    await db.end({ timeout: 1 });
  });
  assert.equal((await stores.db`select from customers`).length, 0);
  await stores.db.end();
});

test("an age recipient encrypts, and only its identity restores, here without the secrets of ENCRYPTION_KEY", async () => {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const own = backupFolder();
  const settings = { DATABASE_URL: system.databaseUrl, ENCRYPTION_KEY: testSecrets.ENCRYPTION_KEY };
  const lines: string[] = [];
  await runBackup({ folder: own }, { ...settings, BACKUP_KEY: recipient }, (line) => lines.push(line));
  const path = lines[0].slice(0, lines[0].indexOf(":"));
  const stores = await createEmptyDatabase();
  const target = { ...settings, DATABASE_URL: stores.databaseUrl };
  await assert.rejects(
    runRestore({ path }, { ...target, BACKUP_KEY: recipient }, () => {}),
    refused(/only encrypts/),
  );
  await assert.rejects(
    runRestore({ path }, { ...target, BACKUP_KEY: backupKey }, () => {}),
    refused(/another key/),
  );
  const foreign = {
    ...target,
    BACKUP_KEY: identity,
    ENCRYPTION_KEY: "another encryption key of the operator",
  };
  await runRestore({ path, acceptUnreadable: true }, foreign, (line) => lines.push(line));
  assert.match(
    lines.join("\n"),
    /Restored \d+ rows[^]*Not readable with this ENCRYPTION_KEY: .*webhook secrets/,
  );
  await stores.db.end();
});

test("settings and arguments that are missing are named", async () => {
  const settings = { DATABASE_URL: system.databaseUrl, BACKUP_KEY: backupKey };
  await assert.rejects(runBackup({}, { DATABASE_URL: system.databaseUrl }, () => {}), /BACKUP_KEY/);
  await assert.rejects(runBackup({}, { ...settings, BACKUP_KEY: "short" }, () => {}), /at least 32/);
  await assert.rejects(runRestore({ path: file }, settings, () => {}), /ENCRYPTION_KEY/);
  const empty = await createEmptyDatabase();
  await assert.rejects(
    runBackup({ folder }, { ...settings, DATABASE_URL: empty.databaseUrl }, () => {}),
    /empty/,
  );
  await empty.db.end();
});
