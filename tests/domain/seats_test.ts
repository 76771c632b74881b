// Seats: a running copy of the app keeps its seat as long as it sends heartbeats.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { deleteExpiredSeats, endSeat } from "../../server/domain/seats/end.ts";
import { renewSeat } from "../../server/domain/seats/renew.ts";
import type { SeatRow, SeatUsage } from "../../server/domain/seats/seat.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import type { Context } from "../../server/domain/context.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import fc from "../support/property.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();
const noon = Date.parse("2025-06-19T12:00:00Z");
/** A context this many seconds after noon. */
const after = (seconds: number) =>
  systemContext(db, "tests", new Date(noon + seconds * 1000), createCipher("key of the tests"));

/** A license with three activated machines. */
async function activated(maxUsers: number) {
  const license = await makeLicense(await after(0), { maxUsers, validFrom: "2025-01-01" });
  const machines = ["machine", "second", "third"].map((hardwareId) => ({
    licenseKey: license.key,
    hardwareId,
  }));
  for (const machine of machines) {
    await activateLicense(await after(0), { ...machine, machineName: null, appVersion: null });
  }
  const [machine, second, third] = machines;
  return { license, machine, second, third };
}

const refusal = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;

test("a seat without a heartbeat expires after exactly five minutes", async () => {
  const { machine, second } = await activated(1);
  await startSeat(await after(0), machine);
  await assert.rejects(startSeat(await after(299.999), second), refusal("SESSION_LIMIT_REACHED"));
  const next = await startSeat(await after(300), second);
  assert.equal(next.activeSessions, 1);
});

test("a heartbeat keeps a seat for another five minutes", async () => {
  const { machine, second } = await activated(1);
  const seat = await startSeat(await after(0), machine);
  const renewed = await renewSeat(await after(299), seat.id);
  assert.equal(renewed.expiresAt.getTime(), noon + 599_000);
  await assert.rejects(startSeat(await after(598), second), refusal("SESSION_LIMIT_REACHED"));
  await assert.rejects(renewSeat(await after(599), seat.id), refusal("SESSION_NOT_FOUND"));
});

test("an app that starts again after a crash gets its machine's seat, also on a full license", async () => {
  const { machine, second } = await activated(1);
  const seat = await startSeat(await after(0), machine);
  const again = await startSeat(await after(299), machine);
  assert.deepEqual([again.id, again.activeSessions, again.startedAt], [seat.id, 1, seat.startedAt]);
  assert.equal(again.expiresAt.getTime(), noon + 599_000);
  await updateLicense(await after(300), { id: again.licenseId, changes: { maxUsers: 0 } });
  assert.equal((await startSeat(await after(301), machine)).id, seat.id, "also below the seats in use");
  await assert.rejects(startSeat(await after(302), second), refusal("SESSION_LIMIT_REACHED"));
  const events =
    await db`select type from events where license_id = ${again.licenseId} and type like 'seat.%'`;
  assert.deepEqual(events.map(({ type }) => type), ["seat.started"]);
});

test("a machine that is back after its seat expired gets a new one, if there is room", async () => {
  const { machine, second } = await activated(1);
  const seat = await startSeat(await after(0), machine);
  const back = await startSeat(await after(300), machine);
  assert.notEqual(back.id, seat.id);
  assert.deepEqual([back.activeSessions, back.startedAt.getTime()], [1, noon + 300_000]);
  await assert.rejects(renewSeat(await after(301), seat.id), refusal("SESSION_NOT_FOUND"));
  await startSeat(await after(600), second);
  await assert.rejects(startSeat(await after(601), machine), refusal("SESSION_LIMIT_REACHED"));
});

test("an ended seat is free immediately, and can neither be renewed nor ended again", async () => {
  const { machine, second: other } = await activated(2);
  const first = await startSeat(await after(0), machine);
  const second = await startSeat(await after(0), other);
  assert.deepEqual([first.activeSessions, second.activeSessions, second.maxUsers], [1, 2, 2]);
  assert.deepEqual(await endSeat(await after(1), first.id), { activeSessions: 1, maxUsers: 2 });
  await assert.rejects(endSeat(await after(2), first.id), refusal("SESSION_NOT_FOUND"));
  await assert.rejects(renewSeat(await after(2), first.id), refusal("SESSION_NOT_FOUND"));
  const next = await startSeat(await after(3), machine);
  assert.equal(next.activeSessions, 2);
  assert.notEqual(next.id, first.id);
});

test("only an activated machine gets a seat, and it ends with the activation", async () => {
  const { machine } = await activated(2);
  const stranger = { ...machine, hardwareId: "stranger" };
  await assert.rejects(startSeat(await after(0), stranger), refusal("NOT_ACTIVATED"));
  const seat = await startSeat(await after(0), machine);
  await deactivateMachine(await after(1), machine);
  await assert.rejects(renewSeat(await after(2), seat.id), refusal("SESSION_NOT_FOUND"));
  await assert.rejects(startSeat(await after(2), machine), refusal("ACTIVATION_INACTIVE"));
});

test("a seat of a disabled license cannot be renewed", async () => {
  const { license, machine } = await activated(2);
  const seat = await startSeat(await after(0), machine);
  await setLicensesEnabled(await after(1), { ids: [license.id], enabled: false });
  await assert.rejects(renewSeat(await after(2), seat.id), refusal("LICENSE_INACTIVE"));
  await assert.rejects(startSeat(await after(2), machine), refusal("LICENSE_INACTIVE"));
});

test("a limit below the seats in use ends none and allows no new one", async () => {
  const { license, machine, second, third } = await activated(3);
  const seats = [await startSeat(await after(0), machine), await startSeat(await after(0), second)];
  await updateLicense(await after(1), { id: license.id, changes: { maxUsers: 1 } });
  for (const { id } of seats) assert.equal((await renewSeat(await after(2), id)).maxUsers, 1);
  await endSeat(await after(3), seats[0].id);
  await assert.rejects(startSeat(await after(4), third), refusal("SESSION_LIMIT_REACHED"));
  await endSeat(await after(5), seats[1].id);
  assert.equal((await startSeat(await after(6), third)).activeSessions, 1);
});

test("deleting expired seats keeps the others", async () => {
  const { license, machine, second } = await activated(5);
  await startSeat(await after(10_000), machine);
  const alive = await startSeat(await after(10_200), second);
  await deleteExpiredSeats(await after(10_300));
  const left = await db`
    select id
    from seats
    where license_id = ${license.id}`;
  assert.deepEqual(left.map(({ id }) => id), [alive.id]);
});

const batches = createBatches(db, openLog("debug", (line) => assert.fail(line)));
const people = ["machine", "second", "third", "stranger"];
/** A machine on one of two licenses. */
const anyMachine = fc.nat({ max: 2 * people.length - 1 });
/** Calls of one kind at the same time. Starts name a machine once: a second one is answered after the batch, with the seats of then. */
const rounds = fc.array(
  fc.record({
    pause: fc.constantFrom(1, 200, 400),
    calls: fc.oneof(
      fc.tuple(fc.constantFrom("activate", "start"), fc.uniqueArray(anyMachine, { minLength: 1 })),
      fc.tuple(
        fc.constantFrom("renew", "end", "deactivate"),
        fc.array(anyMachine, { minLength: 1, maxLength: 12 }),
      ),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Two licenses, and the seats that their machines were given. */
async function system() {
  const licenses = [(await activated(2)).license, (await activated(1)).license];
  const seats = new Map<number, string>();
  const call = async (ctx: Context, verb: string, n: number) => {
    const of = { licenseKey: licenses[n % 2].key, hardwareId: people[n >> 1] };
    const seat = seats.get(n) ?? "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11";
    switch (verb) {
      case "activate":
        return (await activateLicense(ctx, { ...of, machineName: null, appVersion: null })).isNew;
      case "deactivate":
        return (await deactivateMachine(ctx, of)).activation.deactivatedAt;
      case "renew":
        return withoutIds(await renewSeat(ctx, seat));
      case "end":
        return await endSeat(ctx, seat);
    }
    const started = await startSeat(ctx, of);
    seats.set(n, started.id);
    return withoutIds(started);
  };
  const traces = async () => {
    const ids = licenses.map(({ id }) => id);
    const machines = await db`
      select l.key = ${
      licenses[0].key
    } as is_first, l.activations_in_use, a.hardware_id, a.is_active, a.deactivated_at,
        s.started_at, s.expires_at, s.last_heartbeat
      from licenses l
      join activations a on a.license_id = l.id
      left join seats s on s.activation_id = a.id
      where l.id = any(${ids})
      order by a.license_id, a.hardware_id`;
    const events = await db`
      select e.type, e.license_id = ${
      ids[0]
    } as is_first, a.hardware_id, e.after, e.occurred_at, e.actor_kind,
        e.customer_id = l.customer_id as is_of_customer
      from events e
      join licenses l on l.id = e.license_id
      join activations a on a.id = e.activation_id and a.id = e.subject_id
      where e.license_id = any(${ids})
      order by e.license_id, a.hardware_id, e.id`;
    return { machines: [...machines], events: [...events] };
  };
  return { call, traces };
}

function withoutIds({ id: _, number: __, licenseId: ___, activationId: ____, ...seat }: SeatRow & SeatUsage) {
  return seat;
}

const outcomeOf = (call: Promise<unknown>) =>
  call.catch((error) => {
    assert.ok(error instanceof DomainError, String(error));
    return { code: error.code, facts: error.facts };
  });

test("calls that share statements leave and answer what the same calls do one after the other", async () => {
  const property = fc.asyncProperty(rounds, async (rounds) => {
    const [together, alone] = [await system(), await system()];
    let seconds = 0;
    for (const { pause, calls: [verb, machines] } of rounds) {
      const ctx = await after(seconds += pause);
      // The first runs at once and alone; the others are the next batch.
      const shared = await Promise.all(
        machines.map((n) => outcomeOf(together.call({ ...ctx, batches }, verb, n))),
      );
      const single = [];
      for (const n of machines) single.push(await outcomeOf(alone.call(ctx, verb, n)));
      assert.deepEqual(shared, single, verb);
    }
    assert.deepEqual(await together.traces(), await alone.traces());
  });
  await fc.assert(property, { numRuns: 15 });
});
