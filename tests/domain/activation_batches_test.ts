// Activations that share a statement: each caller has the result, the event and the error it would have alone.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import type { Actor } from "../../server/domain/actor.ts";
import type { Context } from "../../server/domain/context.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { deleteLicense, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import fc from "../support/property.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const plain = await system.ctx();
let logged = "";
const log = openLog("debug", (written) => logged += written);
const batches = createBatches(db, log);
/** The context of a request that shares work. */
const sharing = (ctx: Context, milliseconds = 20_000): Context => ({
  ...ctx,
  db: withBudget(db, new TimeBudget(milliseconds)),
  batches,
});
const products = [await makeProduct(plain), await makeProduct(plain)];
const customerId = (await makeLicense(plain)).customerId;

/** Names a machine; the last is a placeholder, which no new machine may have. */
const hardware = ["PC-A", "PC-B", "PC-C", "PC-D", "To be filled by O.E.M."];
const states = ["usable", "usable", "usable", "disabled", "expired", "deleted"] as const;

const licenses = fc.array(
  fc.record({
    maxActivations: fc.integer({ min: 0, max: 3 }),
    state: fc.constantFrom(...states),
    product: fc.integer({ min: 0, max: 1 }),
    /** Machines that were activated before, and whether they still are. */
    before: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.boolean()), {
      selector: ([machine]) => machine,
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 3 },
);
const requests = fc.array(
  fc.record({
    license: fc.integer({ min: 0, max: 2 }),
    machine: fc.integer({ min: 0, max: hardware.length - 1 }),
    version: fc.boolean(),
    /** Also what has a meaning in the text of an array. */
    name: fc.constantFrom(null, "PC", "NULL", '{"a",\\b}', " ß ", ""),
    actor: fc.constantFrom<Actor>(
      { kind: "anonymous" },
      { kind: "api_key", id: 1, name: "any product", productId: null },
      { kind: "api_key", id: 2, name: "one product", productId: products[0].id },
      { kind: "user", id: 3, email: "user@example.com" },
    ),
  }),
  { minLength: 1, maxLength: 24 },
);
type Licenses = typeof licenses extends fc.Arbitrary<infer T> ? T : never;
type Requests = typeof requests extends fc.Arbitrary<infer T> ? T : never;

async function prepare(specifications: Licenses): Promise<LicenseRow[]> {
  const prepared = [];
  for (const { maxActivations, state, product, before } of specifications) {
    const license = await makeLicense(plain, {
      customerId,
      productId: products[product].id,
      maxActivations: 9,
      validFrom: "2020-01-01",
      validUntil: state === "expired" ? "2020-12-31" : null,
    });
    for (const [machine] of before) {
      // An expired license accepts no machine; it got its own while it was valid.
      await activateLicense({ ...plain, now: new Date("2020-06-01") }, {
        licenseKey: license.key,
        hardwareId: hardware[machine],
        machineName: "Before",
        appVersion: "0",
      });
    }
    for (const [machine, isActive] of before) {
      const of = { licenseKey: license.key, hardwareId: hardware[machine] };
      if (!isActive) await deactivateMachine(plain, of);
    }
    await updateLicense(plain, { id: license.id, changes: { maxActivations } });
    if (state === "disabled") await setLicensesEnabled(plain, { ids: [license.id], enabled: false });
    if (state === "deleted") await deleteLicense(plain, license.id);
    prepared.push(license);
  }
  return prepared;
}

/** What a call answers, without ids. */
async function outcomeOf(call: Promise<{ isNew: boolean; activation: { hardwareId: string } }>) {
  try {
    const { isNew, activation } = await call;
    return { isNew, machine: activation.hardwareId };
  } catch (error) {
    assert.ok(error instanceof DomainError, String(error));
    return { code: error.code, facts: error.facts };
  }
}

/** Everything that activations leave behind on a license, without ids and times. */
async function traces({ id }: LicenseRow, prefix: string) {
  const machines = await db`
    select hardware_id, machine_name, app_version, is_active, deactivated_at is null as is_not_deactivated
    from activations
    where license_id = ${id}
    order by hardware_id`;
  const [license] = await db`
    select activations_in_use, (select count(*) from activations where license_id = l.id and is_active) as active
    from licenses l
    where id = ${id}`;
  const events = await db`
    select type, actor_kind, actor_id, actor_name, replace(request_id, ${prefix}, '') as request, subject_kind, after,
      customer_id, subject_id = activation_id as is_of_activation
    from events
    where license_id = ${id} and request_id like ${prefix + "%"}
    order by request_id, id`;
  assert.equal(license.activationsInUse, license.active);
  return { machines: [...machines], license, events: [...events] };
}

/** Without more than two requests for one machine in a batch: the others try again at the same time, in any order. */
function ordered(calls: Requests, licenses: number): Requests {
  const counts = new Map<string, number>();
  return calls.filter(({ license, machine }, n) => {
    const key = `${license % licenses} ${machine}`;
    if (n > 0) counts.set(key, (counts.get(key) ?? 0) + 1);
    return n === 0 || counts.get(key)! <= 2;
  });
}

test("a batch of any requests leaves and answers what the same requests do one after the other", async () => {
  let run = 0;
  const property = fc.asyncProperty(licenses, requests, async (specifications, drawn) => {
    run++;
    const calls = ordered(drawn, specifications.length);
    const [together, alone] = [await prepare(specifications), await prepare(specifications)];
    const call = (ctx: Context, of: LicenseRow[], way: string, n: number) => {
      const { license, machine, version, name, actor } = calls[n];
      return outcomeOf(
        activateLicense({ ...ctx, actor, requestId: `${way}${run}-${n}`, address: "192.0.2.7" }, {
          licenseKey: of[license % of.length].key,
          hardwareId: hardware[machine],
          machineName: name,
          appVersion: version ? "1" : null,
        }),
      );
    };
    // The first runs at once and alone; the others are the next batch.
    const shared = await Promise.all(calls.map((_, n) => call(sharing(plain), together, "t", n)));
    const single = [];
    for (let n = 0; n < calls.length; n++) single.push(await call(plain, alone, "a", n));
    assert.deepEqual(shared, single);
    for (let n = 0; n < together.length; n++) {
      assert.deepEqual(await traces(together[n], `t${run}-`), await traces(alone[n], `a${run}-`));
    }
  });
  await fc.assert(property, { numRuns: 25 });
  log.flush();
  assert.equal(logged, "");
  const [{ most }] = await db<{ most: number }[]>`
    select max(count) as most
    from (select count(*) as count from events where request_id like 't%' group by transaction_id) as shared`;
  assert.ok(most > 2, `${most} events in one transaction`);
});

test("the batches end and the database connections close", async () => {
  await batches.drain();
  await db.end();
});
