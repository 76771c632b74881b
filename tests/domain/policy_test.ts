// The policy: results of `evaluate`, and agreement of the SQL conditions with it.
import assert from "node:assert/strict";
import { composeOnce } from "../../db/compose_once.ts";
import { addDays, type CalendarDay } from "../../server/domain/calendar.ts";
import { hasFreeActivation, inState, stateOn, usableOn } from "../../server/domain/policy/conditions.ts";
import { evaluate } from "../../server/domain/policy/evaluate.ts";
import type { LicenseState, LicenseTerms } from "../../server/domain/policy/terms.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();

const usable: LicenseTerms = {
  isActive: true,
  validFrom: "2025-03-01",
  validUntil: "2025-03-31",
  maxActivations: 2,
  machineOverage: 0,
  maxUsers: 1,
  deletedAt: null,
};

test("every check is evaluated, and the first that fails is the denial", () => {
  const { code, checks } = evaluate(
    { ...usable, isActive: false, maxUsers: 0 },
    { day: "2025-04-01", activation: null, activationsInUse: 2, seatsInUse: 0 },
  );
  assert.equal(code, "LICENSE_INACTIVE");
  assert.deepEqual(checks.map(({ name, passed }) => `${name} ${passed}`), [
    "not_deleted true",
    "enabled false",
    "started true",
    "not_expired false",
    "activated false",
    "activation_limit false",
    "seat_limit false",
  ]);
  assert.deepEqual(checks.find(({ name }) => name === "not_expired"), {
    name: "not_expired",
    passed: false,
    code: "LICENSE_EXPIRED",
    actual: "2025-04-01",
    limit: "2025-03-31",
  });
});

for (
  const [code, terms, circumstances] of [
    ["VALID", {}, {}],
    ["INVALID_LICENSE", { deletedAt: new Date(0), isActive: false }, {}],
    ["LICENSE_INACTIVE", { isActive: false }, { activation: null }],
    ["LICENSE_NOT_YET_VALID", { validFrom: "2025-03-16" }, { activation: null }],
    ["LICENSE_EXPIRED", { validUntil: "2025-03-14" }, { activation: null }],
    ["VALID", { validFrom: "2025-03-15", validUntil: "2025-03-15" }, {}],
    ["VALID", { validUntil: null }, {}],
    ["NOT_ACTIVATED", {}, { activation: null, seatsInUse: 1 }],
    ["ACTIVATION_INACTIVE", {}, { activation: { isActive: false }, seatsInUse: 1 }],
    ["SESSION_LIMIT_REACHED", {}, { activation: { isActive: true }, seatsInUse: 1 }],
    ["ACTIVATION_LIMIT_REACHED", {}, { activationsInUse: 2 }],
    ["VALID", {}, { activationsInUse: 1 }],
    ["VALID", { machineOverage: 50 }, { activationsInUse: 2 }],
    ["ACTIVATION_LIMIT_REACHED", { machineOverage: 50 }, { activationsInUse: 3 }],
    ["ACTIVATION_LIMIT_REACHED", { machineOverage: 49 }, { activationsInUse: 2 }],
    ["VALID", { machineOverage: null }, { activationsInUse: 1_000_000 }],
    ["VALID", {}, { activation: { isActive: true }, activationsInUse: 2, seatsInUse: 0 }],
  ] as const
) {
  test(`${JSON.stringify(terms)} with ${JSON.stringify(circumstances)} is ${code}`, () => {
    const evaluation = evaluate({ ...usable, ...terms }, { day: "2025-03-15", ...circumstances });
    assert.equal(evaluation.code, code);
    assert.equal(evaluation.checks.find(({ passed }) => !passed)?.code ?? "VALID", code);
  });
}

test("a statement that is composed once selects by the values of each run", async () => {
  const select = composeOnce<
    { day: CalendarDay; text: string | null },
    { passes: boolean; text: string | null }
  >((
    db,
    { day, text },
  ) =>
    db`
      select ${usableOn({ db }, "l", db`${day}::date`)} as passes, ${text}::text || ${"!"} as text
      from (select true as is_active, '2025-03-01'::date as valid_from, '2025-03-31'::date as valid_until, null as deleted_at) l`
  );
  const runs: [CalendarDay, string | null][] = [["2025-03-01", "a"], ["2025-02-28", null], [
    "2025-04-01",
    "",
  ]];
  for (const [day, text] of runs) {
    const [found] = await select(db, { day, text });
    assert.deepEqual({ ...found }, { passes: day === "2025-03-01", text: text === null ? null : `${text}!` });
  }
  const inTransaction = await db.begin((db) => select(db, { day: "2025-03-31", text: "a" }));
  assert.equal(inTransaction[0].passes, true);
});

/** A pseudo-random number generator (mulberry32) with a seed, so that failures are reproducible. */
function randomFrom(seed: number): (below: number) => number {
  return (below) => {
    seed = seed + 0x6d2b79f5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % below;
  };
}

const states: Record<string, LicenseState> = {
  VALID: "active",
  LICENSE_INACTIVE: "inactive",
  LICENSE_NOT_YET_VALID: "not_yet_valid",
  LICENSE_EXPIRED: "expired",
};

test("the SQL conditions agree with evaluate() for random terms and days", async () => {
  const random = randomFrom(20250315);
  const day = (offset: number) => addDays("2024-02-27", offset);
  const licenses = Array.from({ length: 500 }, () => {
    const from = random(8);
    return {
      isActive: random(4) > 0,
      validFrom: day(from),
      validUntil: random(3) === 0 ? null : day(from + random(5)),
      maxActivations: random(4),
      machineOverage: [0, 50, 99, null][random(4)],
      maxUsers: 1,
      deletedAt: random(5) === 0 ? new Date(0) : null,
      activationsInUse: random(6),
    };
  });
  const ctx = { db };
  for (let offset = 0; offset < 12; offset++) {
    const today = day(offset);
    const rows = await db<
      {
        isUsable: boolean;
        isUsableByExpression: boolean;
        state: string;
        inStates: string[];
        isFree: boolean;
      }[]
    >`
      select
        ${usableOn(ctx, "l", today)} as is_usable,
        ${usableOn(ctx, "l", db`d.day`)} as is_usable_by_expression,
        ${stateOn(ctx, "l", today)} as state,
        to_jsonb(array_remove(array[
          case when ${inState(ctx, "l", "active", today)} then 'active' end,
          case when ${inState(ctx, "l", "inactive", today)} then 'inactive' end,
          case when ${inState(ctx, "l", "not_yet_valid", today)} then 'not_yet_valid' end,
          case when ${inState(ctx, "l", "expired", today)} then 'expired' end
        ], null)) as in_states,
        ${hasFreeActivation(ctx, "l")} as is_free
      from (select ${today}::date as day) d, rows from (
        jsonb_to_recordset(${
      db.json(
        licenses.map((license) => ({ ...license, deletedAt: license.deletedAt?.toISOString() ?? null })),
      )
    })
          as (
            "isActive" boolean, "validFrom" date, "validUntil" date, "maxActivations" integer,
            "machineOverage" integer, "maxUsers" integer,
            "deletedAt" timestamptz, "activationsInUse" integer
          )
      ) with ordinality as l (
        is_active, valid_from, valid_until, max_activations, machine_overage, max_users, deleted_at, activations_in_use, position
      )
      order by l.position`;
    for (const [index, license] of licenses.entries()) {
      const about = `${JSON.stringify(license)} on ${today}`;
      const row = rows[index];
      const { code } = evaluate(license, { day: today });
      assert.equal(row.isUsable, code === "VALID", about);
      assert.equal(row.isUsableByExpression, row.isUsable, about);
      const state = states[evaluate({ ...license, deletedAt: null }, { day: today }).code];
      assert.equal(row.state, state, about);
      assert.deepEqual(row.inStates, [state], about);
      const { activationsInUse } = license;
      const limit = evaluate(license, { day: today, activationsInUse }).checks.at(-1)!;
      assert.equal(row.isFree, limit.passed, about);
    }
  }
});
