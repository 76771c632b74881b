// The terms of seats: each license has its own time to live, and counts seats for itself or for each machine.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { explainValidation } from "../../server/domain/devices/explain.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { endSeat } from "../../server/domain/seats/end.ts";
import { renewSeat } from "../../server/domain/seats/renew.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
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

const setTerms = (id: number, terms: { seat_ttl?: number; seat_scope?: string }) =>
  db`
    update licenses
    set seat_ttl = coalesce(${terms.seat_ttl ?? null}, seat_ttl), seat_scope = coalesce(${
    terms.seat_scope ?? null
  }, seat_scope)
    where id = ${id}`;
const refusal = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;

test("each license has its own time to live, and a change of it applies from the next heartbeat", async () => {
  const { license, machine, second } = await activated(1);
  await setTerms(license.id, { seat_ttl: 60 });
  const seat = await startSeat(await after(0), machine);
  assert.equal(seat.expiresAt.getTime(), noon + 60_000);
  await assert.rejects(startSeat(await after(59.999), second), refusal("SESSION_LIMIT_REACHED"));
  const next = await startSeat(await after(60), second);
  await setTerms(license.id, { seat_ttl: 3600 });
  assert.equal((await renewSeat(await after(119), next.id)).expiresAt.getTime(), noon + 3_719_000);
  await setTerms(license.id, { seat_ttl: 30 });
  assert.equal(
    (await renewSeat(await after(120), next.id)).expiresAt.getTime(),
    noon + 3_719_000,
    "a shorter time to live takes nothing away",
  );
});

test("where seats count for each machine, every start takes one, and the limit is each machine's own", async () => {
  const { license, machine, second } = await activated(2);
  await setTerms(license.id, { seat_scope: "machine" });
  const seats = [await startSeat(await after(0), machine), await startSeat(await after(0), machine)];
  assert.notEqual(seats[0].id, seats[1].id);
  assert.deepEqual(seats.map(({ activeSessions, maxUsers }) => [activeSessions, maxUsers]), [[1, 2], [2, 2]]);
  await assert.rejects(startSeat(await after(1), machine), refusal("SESSION_LIMIT_REACHED"));
  const session = async (hardwareId: string | null) =>
    (await explainValidation(await after(1), { licenseId: license.id, hardwareId })).session;
  assert.deepEqual([await session("machine"), await session("second")], ["SESSION_LIMIT_REACHED", "VALID"]);
  const other = await startSeat(await after(1), second);
  assert.equal(other.activeSessions, 1, "the machine's own");
  assert.equal((await renewSeat(await after(2), other.id)).activeSessions, 1);
  assert.deepEqual(await endSeat(await after(3), seats[0].id), { activeSessions: 1, maxUsers: 2 });
  assert.equal((await startSeat(await after(4), machine)).activeSessions, 2);
});

test("where seats count for each machine, an app that names its seat gets it again, also on a full machine", async () => {
  const { license, machine, second } = await activated(2);
  await setTerms(license.id, { seat_scope: "machine" });
  const [first, next] = [await startSeat(await after(0), machine), await startSeat(await after(0), machine)];
  const again = await startSeat(await after(1), { ...machine, seatId: first.id });
  assert.deepEqual([again.id, again.activeSessions], [first.id, 2]);
  assert.equal(again.expiresAt.getTime(), noon + 301_000);
  const elsewhere = await startSeat(await after(2), { ...second, seatId: next.id });
  assert.notEqual(elsewhere.id, next.id, "another machine's seat is no seat of this one");
  await endSeat(await after(3), next.id);
  const replaced = await startSeat(await after(4), { ...machine, seatId: next.id });
  assert.notEqual(replaced.id, next.id, "one that ended is replaced by a new one");
  await assert.rejects(
    startSeat(await after(5), { ...machine, seatId: next.id }),
    refusal("SESSION_LIMIT_REACHED"),
  );
});

test("a changed scope ends no seat, and counts in the new scope", async () => {
  const { license, machine, second } = await activated(2);
  await setTerms(license.id, { seat_scope: "machine" });
  for (const  of of[machine, machine, second]) await startSeat(await after(0), of);
  await setTerms(license.id, { seat_scope: "license" });
  const again = await startSeat(await after(1), machine);
  assert.equal(again.activeSessions, 3);
  await endSeat(await after(2), again.id);
  const left = await startSeat(await after(3), machine);
  assert.notEqual(left.id, again.id);
  assert.equal(left.activeSessions, 2);
});
