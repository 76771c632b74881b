// The queue for a seat: first come first served, one that is gone is skipped, and none overtakes.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { endSeat } from "../../server/domain/seats/end.ts";
import { startOrQueue, startSeat } from "../../server/domain/seats/start.ts";
import {
  deleteExpiredTickets,
  keepTicketsAfterOutage,
  removeTicket,
  returnTicket,
} from "../../server/domain/seats/tickets.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createBatches } from "../../server/request/batches.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { openLog } from "../../server/request/log.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();
const noon = Date.parse("2025-06-19T12:00:00Z");
/** A context this many seconds after noon. */
const after = (seconds: number) =>
  systemContext(db, "tests", new Date(noon + seconds * 1000), createCipher("key of the tests"));
const batches = createBatches(db, openLog("debug", (line) => assert.fail(line)));
const refusal = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;

/** A license with a queue, and as many activated machines as named. */
async function queued(maxUsers: number, names: string[], scope: "license" | "machine" = "license") {
  const license = await makeLicense(await after(0), {
    maxUsers,
    maxActivations: names.length,
    validFrom: "2025-01-01",
  });
  await db`
    update licenses
    set seat_queue = true, seat_scope = ${scope}
    where id = ${license.id}`;
  for (const hardwareId of names) {
    await activateLicense(await after(0), {
      licenseKey: license.key,
      hardwareId,
      machineName: null,
      appVersion: null,
    });
  }
  /** Asks for a seat: its id, or the ticket and the position. */
  const ask = async (seconds: number, hardwareId: string, ticket: string | null = null, seatId?: string) => {
    const { seat, queued } = await startOrQueue(await after(seconds), {
      licenseKey: license.key,
      hardwareId,
      seatId,
      ticket,
      queue: true,
    });
    return seat
      ? { seat: seat.id, ticket: null, position: 0 }
      : { seat: null, ticket: queued.id, position: queued.position };
  };
  return { license, ask };
}

test("a free seat goes to who waits longest, and a new caller does not overtake", async () => {
  const { license, ask } = await queued(1, ["a", "b", "c", "d"]);
  const { seat } = await ask(0, "a");
  const b = await ask(1, "b");
  const c = await ask(2, "c");
  assert.deepEqual([b.position, c.position], [1, 2]);
  await endSeat(await after(3), seat!);
  assert.equal((await ask(4, "d")).position, 3, "a free seat is kept for those who wait");
  await assert.rejects(
    startSeat(await after(4), { licenseKey: license.key, hardwareId: "a" }),
    (error) =>
      refusal("SESSION_LIMIT_REACHED")(error) &&
      assert.deepEqual((error as DomainError).facts, { maxUsers: 1, activeSessions: 0, waiting: 3 }) ===
        undefined,
  );
  assert.deepEqual(await ask(5, "c", c.ticket), { seat: null, ticket: c.ticket, position: 2 });
  assert.ok((await ask(6, "b", b.ticket)).seat);
  assert.equal((await ask(7, "c", c.ticket)).position, 1);
});

test("a machine that asks again without its ticket keeps its position", async () => {
  const { ask } = await queued(1, ["a", "b", "c"]);
  await ask(0, "a");
  const b = await ask(1, "b");
  const c = await ask(2, "c");
  assert.deepEqual(await ask(3, "b"), b);
  assert.deepEqual(await ask(4, "c"), c);
});

test("who is not heard of for 30 seconds is skipped, and its ticket is gone", async () => {
  const { ask } = await queued(1, ["a", "b", "c"]);
  const { seat } = await ask(0, "a");
  const b = await ask(1, "b");
  const c = await ask(2, "c");
  await endSeat(await after(3), seat!);
  assert.equal((await ask(30.999, "c", c.ticket)).position, 2);
  assert.ok((await ask(31, "c", c.ticket)).seat);
  await assert.rejects(ask(32, "b", b.ticket), refusal("TICKET_NOT_FOUND"));
  assert.equal((await ask(33, "b")).position, 1, "it joins again at the end");
});

test("a ticket is given back once, and only its own machine can use it", async () => {
  const { ask } = await queued(1, ["a", "b", "c"]);
  await ask(0, "a");
  const b = await ask(1, "b");
  const c = await ask(2, "c");
  await assert.rejects(ask(3, "c", b.ticket), refusal("TICKET_NOT_FOUND"));
  assert.deepEqual(await returnTicket(await after(4), b.ticket!), { activeSessions: 1, maxUsers: 1 });
  await assert.rejects(returnTicket(await after(5), b.ticket!), refusal("TICKET_NOT_FOUND"));
  await assert.rejects(ask(5, "b", b.ticket), refusal("TICKET_NOT_FOUND"));
  assert.equal((await ask(6, "c", c.ticket)).position, 1);
});

test("an administrator removes one who waits, and the events say who came and went", async () => {
  const { license, ask } = await queued(1, ["a", "b"]);
  await ask(0, "a");
  const b = await ask(1, "b");
  const [{ number }] = await db<{ number: number }[]>`
    select number
    from seat_tickets
    where id = ${b.ticket}`;
  await removeTicket(await after(2), { licenseId: license.id, number });
  await assert.rejects(
    removeTicket(await after(2), { licenseId: license.id, number }),
    refusal("TICKET_NOT_FOUND"),
  );
  await assert.rejects(ask(3, "b", b.ticket), refusal("TICKET_NOT_FOUND"));
  const events = await db`
    select type
    from events
    where license_id = ${license.id} and type like 'seat.%'
    order by id`;
  assert.deepEqual(events.map(({ type }) => type), ["seat.started", "seat.queued", "seat.unqueued"]);
});

test("a changed limit takes no position away, and a higher one lets in as many as fit, in order", async () => {
  const { license, ask } = await queued(2, ["a", "b", "c", "d", "e"]);
  await ask(0, "a");
  await ask(0, "b");
  const waiting = [await ask(1, "c"), await ask(2, "d"), await ask(3, "e")];
  await updateLicense(await after(4), { id: license.id, changes: { maxUsers: 1 } });
  assert.equal((await ask(5, "d", waiting[1].ticket)).position, 2);
  await updateLicense(await after(6), { id: license.id, changes: { maxUsers: 4 } });
  assert.equal((await ask(7, "e", waiting[2].ticket)).position, 3);
  assert.ok((await ask(8, "d", waiting[1].ticket)).seat, "there are seats for both who came first");
  assert.equal((await ask(9, "e", waiting[2].ticket)).position, 2);
  assert.ok((await ask(10, "c", waiting[0].ticket)).seat);
});

test("a license without a queue refuses, and one whose queue was turned off keeps no seat for those who wait", async () => {
  const { license, ask } = await queued(1, ["a", "b", "c"]);
  const { seat } = await ask(0, "a");
  const b = await ask(1, "b");
  await db`
    update licenses
    set seat_queue = false
    where id = ${license.id}`;
  await assert.rejects(ask(2, "c"), refusal("SESSION_LIMIT_REACHED"));
  await assert.rejects(ask(2, "b", b.ticket), refusal("SESSION_LIMIT_REACHED"));
  await endSeat(await after(3), seat!);
  assert.ok((await ask(4, "c")).seat);
});

test("a machine that is deactivated while it waits holds up no other", async () => {
  const { license, ask } = await queued(1, ["a", "b", "c"]);
  const { seat } = await ask(0, "a");
  await ask(1, "b");
  const c = await ask(2, "c");
  await deactivateMachine(await after(3), { licenseKey: license.key, hardwareId: "b" });
  await endSeat(await after(4), seat!);
  assert.ok((await ask(5, "c", c.ticket)).seat);
});

test("where seats count for each machine, so do queues", async () => {
  const { ask } = await queued(1, ["a", "b"], "machine");
  const { seat } = await ask(0, "a");
  const [first, second] = [await ask(1, "a"), await ask(2, "a")];
  assert.deepEqual([first.position, second.position], [1, 2]);
  assert.ok((await ask(3, "b")).seat);
  assert.deepEqual(await ask(4, "a", null, seat!), { seat, ticket: null, position: 0 });
  await endSeat(await after(5), seat!);
  assert.equal((await ask(6, "a", second.ticket)).position, 2);
  assert.ok((await ask(7, "a", first.ticket)).seat);
});

test("an outage of the servers loses no position, and does not bring back who was gone before", async () => {
  const { ask } = await queued(1, ["a", "b", "c", "d"]);
  const { seat } = await ask(0, "a");
  const b = await ask(1, "b");
  const c = await ask(2, "c");
  const d = await ask(3, "d");
  await ask(25, "c", c.ticket);
  await ask(32, "d", d.ticket);
  await endSeat(await after(35), seat!);
  assert.equal(await deleteExpiredTickets(await after(300)), 0, "the worker runs on");
  await keepTicketsAfterOutage(await after(300));
  assert.equal((await ask(301, "d", d.ticket)).position, 2, "c was there, b was gone");
  await assert.rejects(ask(302, "b", b.ticket), refusal("TICKET_NOT_FOUND"));
  assert.ok((await ask(303, "c", c.ticket)).seat);
  await keepTicketsAfterOutage(await after(304));
  assert.equal((await ask(304, "d", d.ticket)).position, 1);
});

test("200 who wait at once for 10 seats are let in in their order, and never more than there are seats", async () => {
  const names = Array.from({ length: 210 }, (_, n) => `machine-${n}`);
  const { license, ask } = await queued(10, names);
  const seats = await Promise.all(names.slice(0, 10).map((name) => ask(0, name)));
  assert.ok(seats.every(({ seat }) => seat));
  const all = async (seconds: number, of: { name: string; ticket: string | null }[]) => {
    const ctx = { ...await after(seconds), batches };
    return await Promise.all(of.map(async ({ name, ticket }) => {
      const input = { licenseKey: license.key, hardwareId: name, ticket, queue: true };
      const { seat, queued } = await startOrQueue(ctx, input);
      return { name, seat: seat?.id ?? null, ticket: queued?.id ?? null, position: queued?.position ?? 0 };
    }));
  };
  let waiting = await all(1, names.slice(10).map((name) => ({ name, ticket: null })));
  assert.deepEqual(
    waiting.map(({ position }) => position).toSorted((a, b) => a - b),
    Array.from({ length: 200 }, (_, n) => n + 1),
  );
  waiting.sort((a, b) => a.position - b.position);
  const order = waiting.map(({ name }) => name);
  // One is killed while it waits.
  const [killed] = waiting.splice(45, 1);
  const served: string[] = [];
  let inUse = seats.map(({ seat }) => seat!);
  for (let seconds = 2; waiting.length > 0; seconds += 10) {
    for (const id of inUse.splice(0, 7)) await endSeat(await after(seconds), id);
    const asked = await all(seconds, waiting.toReversed());
    const [{ count }] = await db<{ count: number }[]>`
      select count(*) as count
      from seats
      where license_id = ${license.id}`;
    assert.ok(count <= 10, `${count} seats`);
    const started = asked.filter(({ seat }) => seat !== null);
    const isServed = new Set(started.map(({ name }) => name));
    const first = waiting.slice(0, started.length).map(({ name }) => name);
    assert.deepEqual(new Set(first), isServed, "the first in the queue");
    served.push(...first);
    inUse = [...inUse, ...started.map(({ seat }) => seat!)];
    waiting = asked.filter(({ seat }) => seat === null).toSorted((a, b) => a.position - b.position);
  }
  assert.deepEqual(served, order.filter((name) => name !== killed.name));
});
