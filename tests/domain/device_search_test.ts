// Searching devices: in the texts that the worker copies, and in activations whose texts it has not copied yet. Searching
// sessions by machine and customer, and events by type and actor.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Database, transaction } from "../../db/connect.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { eraseActivations } from "../../server/domain/activations/erase.ts";
import { isFrequent, rarePartsOf } from "../../server/domain/activations/rare_parts.ts";
import { copyActivationTexts, readSearchedTexts } from "../../server/domain/activations/search_texts.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listDevices } from "../../server/domain/devices/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { deleteLicenses } from "../../server/domain/licenses/manage.ts";
import { searchNames } from "../../server/domain/search/names.ts";
import { isMisspelt } from "../../server/domain/search/near.ts";
import { searchEverything } from "../../server/domain/search/search.ts";
import { listSeats } from "../../server/domain/seats/list.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const license = await makeLicense(ctx, { maxActivations: 1000 });
const other = await makeLicense(ctx);

async function activate(
  hardwareId: string,
  machineName: string | null,
  { key }: { key: string } = license,
): Promise<number> {
  const machine = { licenseKey: key, hardwareId, machineName, appVersion: null };
  return (await activateLicense(ctx, machine)).activation.id;
}

async function copyAll(): Promise<number> {
  await system.settled();
  return await copyActivationTexts(ctx);
}

const listed = async (q: string) => (await listDevices(ctx, { q })).rows.map(({ id }) => id);
const searched = async (q: string) =>
  (await searchEverything(ctx, { q, type: "device", limit: 20 })).hits.map(({ id }) => id);
const texts = () =>
  system.db<{ activationId: number; machineName: string | null; hardwareId: string }[]>`
    select *
    from activation_texts
    order by activation_id`;

const studio = await activate("4f1c09be77d2a3518860", "studio-mac-7.berlin.example");
const nameless = await activate("9a0b1c2d3e4f5061728394", null);

/** Texts that find the first device: parts, its first letters in other case, the whole, and with one character wrong. */
const found = [
  "berlin",
  "STUDIO-mac",
  "st",
  "S",
  "4f",
  "1c09be77",
  "studio-mac-7.berlin.example",
  "studio-mac-7.berlin.exam-le",
  "studo-mac-7.berlin.example",
  "4f1c09be77d2a3519860",
];

for (const [when, prepare] of [["before", () => {}], ["after", copyAll]] as const) {
  test(`A device is found by its name and fingerprint ${when} the worker has copied them`, async () => {
    await prepare();
    assert.deepEqual((await readSearchedTexts(ctx)).uncopied, when === "before" ? [studio, nameless] : []);
    for (const q of found) {
      assert.equal((await searched(q))[0], studio, `search for ${q}`);
      // A list has no similar texts.
      const isExact = "studio-mac-7.berlin.example 4f1c09be77d2a3518860".includes(q.toLowerCase());
      assert.deepEqual(await listed(q), isExact ? [studio] : [], `list of ${q}`);
    }
    assert.deepEqual(await listed("9a0b"), [nameless]);
    for (const q of ["m", "be", "%", "_", "zz"]) assert.deepEqual(await listed(q), [], `list of ${q}`);
  });
}

test("A device that was renamed is found by its new name at once, and not by its old one", async () => {
  const id = await activate("renamed-1", "old-name-of-it");
  await copyAll();
  await activate("renamed-1", "new-name-of-it");
  assert.deepEqual([await listed("new-name"), await listed("old-name")], [[id], []]);
  assert.equal((await searched("new-name-of-it"))[0], id);
  assert.equal(await copyAll(), 1);
  assert.deepEqual([await listed("new-name"), await listed("old-name")], [[id], []]);
});

test("What the worker missed is copied when it is back, once, also by two workers", async () => {
  for (let n = 0; n < 20; n++) await activate(`missed-${n}`, `missed machine ${n}`);
  await system.settled();
  const copied = await Promise.all([copyActivationTexts(ctx), copyActivationTexts(await system.ctx())]);
  assert.equal(copied[0] + copied[1], 20);
  const rows = (await texts()).filter(({ hardwareId }) => hardwareId.startsWith("missed-"));
  assert.deepEqual(rows.length, 20);
  assert.equal(await copyAll(), 0);
});

/** Waits until a session waits for a lock of another one. */
async function untilBlocked(): Promise<void> {
  await eventually(async () => {
    const [{ blocked }] = await system.db`
      select count(*) > 0 as blocked
      from pg_stat_activity
      where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
    return blocked;
  });
}

test("An erasure leaves no text, also while a worker is copying it", async () => {
  const id = await activate("of-a-person", "laptop of a person", other);
  await system.settled();
  let erasure: Promise<number> | undefined;
  await transaction(system.db as Database, async (db) => {
    await copyActivationTexts({ ...ctx, db });
    erasure = eraseActivations(ctx, [other.id]);
    await untilBlocked();
  });
  assert.equal(await erasure, 1);
  const left = async () => (await texts()).filter(({ activationId }) => activationId === id);
  assert.deepEqual(await left(), []);
  await copyAll();
  assert.deepEqual([await listed("of a person"), await searched("of-a-person")], [[], []]);
});

test("The part of a text that is looked up is short and rare, and none is when all are frequent or nothing is known", () => {
  const fingerprints = Array.from({ length: 100 }, (_, n) => createHash("md5").update(`${n}`).digest("hex"));
  const names = fingerprints.map((text, n) =>
    n % 2 ? `DESKTOP-${text.slice(0, 7)}` : `build-${text.slice(0, 4)}.example.com`
  );
  assert.match(rarePartsOf(["desktop-zz9"], names)!.join(), /^[^,]*zz[^,]*$/);
  assert.match(rarePartsOf(["build-qx7z.example.com"], names)!.join(), /^[^,.]*(qx|x7)[^,.]*$/);
  assert.deepEqual(rarePartsOf(["DESKTOP"], names), null);
  assert.deepEqual(rarePartsOf(["DESKTOP-ZZ9"], []), null);
  for (const text of ["", "%", "é", "a-", "12", "日本語の機械"]) {
    assert.deepEqual(rarePartsOf([text], names), null);
  }
  const text = "f2a000d1812d7be3b08ea8a6acffde00";
  for (const part of rarePartsOf([text], fingerprints)!) {
    assert.ok(text.includes(part) && part.length >= 3 && part.length <= 8, part);
  }
  // Neither is rare alone, and both together are.
  const people = Array.from(
    { length: 300 },
    (_, n) => `person${"abcdefghij"[n % 10]}-macbook-${n % 7}${n % 13}`,
  );
  const [one, other] = rarePartsOf(["persona-macbook-35"], people)!;
  assert.ok("personaqmacbookq35".includes(one) && "personaqmacbookq35".includes(other), `${one} ${other}`);
  // The text may be as long as a request allows.
  assert.notEqual(rarePartsOf([text.repeat(6)], fingerprints), null);
  assert.deepEqual([isFrequent("desk", names), isFrequent("zz9", names), isFrequent("zz9", [])], [
    true,
    false,
    false,
  ]);
});

test("The same devices are found when PostgreSQL has a sample of the texts", async () => {
  const many = await makeLicense(ctx);
  await system.db`
    with machines as (
      insert into activations (license_id, hardware_id, machine_name, activated_at, last_heartbeat)
      select
        ${many.id}, md5(n::text),
        case when n % 2 = 0 then 'DESKTOP-' || upper(left(md5(n::text), 7)) else 'build-' || n || '.osaka.example.com' end,
        now(), now()
      from generate_series(1, 400) as n
      returning id, machine_name, hardware_id
    )
    insert into activation_texts (activation_id, machine_name, hardware_id)
    select id, machine_name, hardware_id
    from machines`;
  await system.db`analyze activation_texts`;
  const { sample } = await readSearchedTexts(ctx);
  assert.ok(sample.machineName.length > 0 && sample.hardwareId.length > 0);
  const machines = await system.db<{ id: number; machineName: string; hardwareId: string }[]>`
    select id, machine_name, hardware_id
    from activations
    order by id desc`;
  const [{ machineName, hardwareId }] = machines.filter(({ machineName }) =>
    machineName?.startsWith("DESKTOP")
  );
  const searchedFor = [
    machineName,
    machineName.slice(3, 11).toLowerCase(),
    hardwareId,
    hardwareId.slice(5, 12),
    "build-17",
    "-17.osaka",
    "7.osaka.example.com",
    "desktop",
    "a%b",
    "build_17",
    "STUDIO-mac",
  ];
  assert.ok(searchedFor.some((q) => rarePartsOf([q], sample.machineName) !== null));
  for (const q of searchedFor) {
    const expected = machines.filter((machine) =>
      [machine.machineName, machine.hardwareId].some((text) => text?.toLowerCase().includes(q.toLowerCase()))
    );
    const { rows } = await listDevices(ctx, { q, limit: 200 });
    assert.deepEqual(rows.map(({ id }) => id), expected.slice(0, 200).map(({ id }) => id), q);
  }
  const misread = `${hardwareId.slice(0, 9)}x${hardwareId.slice(10)}`;
  const { hits } = await searchEverything(ctx, { q: misread, type: "device", limit: 20 });
  assert.equal(hits[0].id, machines.find((machine) => machine.hardwareId === hardwareId)!.id);
});

test("A customer, a lead and a user are found with one wrong character", async () => {
  const { id } = await createCustomer(ctx, { name: "Aster Health Espoo", email: "office@aster.example" });
  const [{ id: userId }] = await system.db<{ id: number }[]>`
    insert into users (email, name, created_at, updated_at)
    values ('xaver@aster.example', 'Xaver Kestrel', now(), now())
    returning id`;
  for (const q of ["Asxer", "Hexlth", "xealth", "Healtx", "Esxoo", "aste_", "Healht"]) {
    const { hits } = await searchEverything(ctx, { q, type: "customer", limit: 20 });
    assert.deepEqual(hits.map((hit) => hit.id), [id], q);
  }
  for (const q of ["Hexxth", "zqxj5vw"]) {
    assert.deepEqual((await searchEverything(ctx, { q, type: "customer", limit: 20 })).hits, [], q);
  }
  for (const q of ["kestrel", "KEXTREL", "xaver@aster"]) {
    assert.deepEqual((await searchNames(ctx, { q, type: "user" })).map((hit) => hit.id), [userId], q);
  }
  assert.deepEqual([isMisspelt("a.cd", "xaecdx"), isMisspelt("a.cd", "axce"), isMisspelt("", "x")], [
    true,
    false,
    false,
  ]);
});

test("A session is found by its machine and by its customer, also among many that match", async () => {
  const { key } = await makeLicense(ctx, { customer: { name: "Örsted Energi", email: "it@orsted.example" } });
  const start = async (licenseKey: string, hardwareId: string) =>
    (await startSeat(ctx, { licenseKey, hardwareId })).activationId;
  await activate("seat-1", "control room", { key });
  await start(key, "seat-1");
  await activate("seat-2", "quiet corner");
  await start(license.key, "seat-2");
  const listed = async (q: string, sort?: "id") =>
    (await listSeats(ctx, { q, sort })).rows.map(({ machineName }) => machineName);
  for (const q of ["control", "örsted", "ÖR", "co", "energi"]) {
    assert.deepEqual(await listed(q), ["control room"], q);
  }
  await copyAll();
  for (const q of ["trol room", "Energi"]) assert.deepEqual(await listed(q), ["control room"], q);
  assert.deepEqual(await listed("nobody"), []);
  await system.db`
    insert into customers (name, created_at, updated_at)
    select 'Control ' || n, now(), now()
    from generate_series(1, 1001) as n`;
  assert.deepEqual(await listed("control"), ["control room"]);
  assert.deepEqual([await listed("quiet", "id"), await listed("co", "id")], [["quiet corner"], [
    "control room",
  ]]);
});

test("Events are found by a part of their type, and by who caused them", async () => {
  const first = await makeLicense({ ...ctx, actor: { kind: "system", job: "setup" } });
  const name = "Wilhelmina";
  const { id } = await createAdministrator(ctx, {
    name,
    email: "w@example.com",
    role: "manager",
    password: "a long pass phrase 42",
  });
  const actor = { kind: "administrator", id, name, role: "manager" } as const;
  await deleteLicenses({ ...ctx, actor }, [first.id]);
  const found = async (q: string) => {
    const { rows } = await listEvents(ctx, { q, licenseId: first.id });
    return rows.map(({ type }) => type);
  };
  assert.deepEqual(await found("DELET"), ["license.deleted"]);
  assert.deepEqual(await found("license"), ["license.deleted", "license.created"]);
  assert.deepEqual(await found("helmin"), ["license.deleted"]);
  assert.deepEqual(await found("setup"), ["license.created"]);
  assert.deepEqual([await found("nobody"), await found("%")], [[], []]);
});

test("A copy that waits for an erasure copies what is left", async () => {
  const id = await activate("of-another-person", "laptop of another person", other);
  await system.settled();
  let copy: Promise<number> | undefined;
  await transaction(system.db as Database, async (db) => {
    await eraseActivations({ ...ctx, db }, [other.id]);
    copy = copyActivationTexts(ctx);
    await untilBlocked();
  });
  await copy;
  const text = (await texts()).find(({ activationId }) => activationId === id);
  assert.deepEqual([text?.machineName, text?.hardwareId], [null, `erased-${id}`]);
});

test("the database connections close", () => system.db.end());
