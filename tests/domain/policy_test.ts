// The policy: results of `evaluate`, and agreement of the SQL conditions with it.
import assert from "node:assert/strict";
import { composeOnce } from "../../db/compose_once.ts";
import { addDays, type CalendarDay, isBefore, LAST_DAY } from "../../server/domain/calendar.ts";
import { type AppVersion, dependsOnVersion } from "../../server/domain/policy/app_version.ts";
import { hasFreeActivation, inState, stateOn, usableOn } from "../../server/domain/policy/conditions.ts";
import { evaluate } from "../../server/domain/policy/evaluate.ts";
import { stateOf } from "../../server/domain/policy/expiry.ts";
import { updatesEnd } from "../../server/domain/policy/updates.ts";
import { type LicenseTerms } from "../../server/domain/policy/terms.ts";
import { parseVersion } from "../../server/domain/releases/version.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();

const usable: LicenseTerms = {
  isActive: true,
  validFrom: "2025-03-01",
  validUntil: "2025-03-31",
  graceDays: 0,
  afterExpiry: "refuse",
  updatesUntil: null,
  versions: null,
  maxActivations: 2,
  machineOverage: 0,
  maxUsers: 1,
  deletedAt: null,
};

/** What an app of that version reports, with the day on which it was released. */
function app(version: string, releasedOn: CalendarDay | null): AppVersion {
  return { version: parseVersion(version), releasedOn };
}

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
    ["GRACE_PERIOD", { validUntil: "2025-03-14", graceDays: 1 }, {}],
    ["GRACE_PERIOD", { validUntil: "2025-03-05", graceDays: 10 }, { activation: { isActive: true } }],
    ["NOT_ACTIVATED", { validUntil: "2025-03-14", graceDays: 1 }, { activation: null }],
    ["LICENSE_EXPIRED", { validUntil: "2025-03-05", graceDays: 9 }, {}],
    ["VALID", { validUntil: "2025-03-05", graceDays: 9, afterExpiry: "allow" }, {}],
    ["LICENSE_INACTIVE", { validUntil: "2025-03-05", afterExpiry: "allow", isActive: false }, {}],
    ["LICENSE_EXPIRED", { validUntil: "2025-03-14", afterExpiry: "entitled_versions" }, {}],
    ["LICENSE_EXPIRED", { validUntil: "2025-03-14", afterExpiry: "entitled_versions" }, {
      app: app("1.0", null),
    }],
    ["VALID", { validUntil: "2025-03-14", afterExpiry: "entitled_versions" }, {
      app: app("1.0", "2025-03-14"),
    }],
    ["VERSION_NOT_ENTITLED", { validUntil: "2025-03-14", afterExpiry: "entitled_versions" }, {
      app: app("1.0", "2025-03-15"),
    }],
    ["GRACE_PERIOD", { validUntil: "2025-03-14", graceDays: 1, afterExpiry: "entitled_versions" }, {
      app: app("1.0", "2025-03-15"),
    }],
    ["VALID", { validUntil: "2025-03-14", afterExpiry: "entitled_versions", updatesUntil: "2025-01-31" }, {
      app: app("1.0", "2025-01-31"),
    }],
    ["VERSION_NOT_ENTITLED", {
      validUntil: "2025-03-14",
      afterExpiry: "entitled_versions",
      updatesUntil: "2025-01-31",
    }, { app: app("1.0", "2025-02-01") }],
    ["VERSION_NOT_ENTITLED", { updatesUntil: "2025-03-13" }, { app: app("1.0", "2025-03-14") }],
    ["VALID", { updatesUntil: "2025-03-14" }, { app: app("1.0", "2025-03-14") }],
    ["VALID", { updatesUntil: "2025-03-13" }, { app: app("1.0", null) }],
    ["VALID", { updatesUntil: "2025-03-13" }, {}],
    ["VERSION_NOT_ENTITLED", { versions: "2.x" }, { app: app("3.0", null), activation: null }],
    ["VALID", { versions: "2.x" }, { app: app("2.9", null) }],
    ["VALID", { versions: "2.x" }, { app: app("nightly", null) }],
    ["VALID", { versions: "2.x" }, {}],
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
    const denial = evaluation.checks.find(({ passed }) => !passed)?.code;
    assert.equal(denial ?? (code === "GRACE_PERIOD" ? code : "VALID"), code);
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
      from (
        select
          true as is_active, '2025-03-01'::date as valid_from, '2025-03-31'::date as valid_until, 0 as grace_days,
          'refuse' as after_expiry, null as deleted_at
      ) l`
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

/** The days around which licenses of the property test end. */
const starts: CalendarDay[] = ["2024-02-25", "2025-12-27", "9999-12-20"];

for (const start of starts) {
  test(`the SQL conditions agree with evaluate() for random terms and days from ${start}`, async () => {
    const random = randomFrom(20250315);
    const day = (offset: number) => {
      const found = start.startsWith("9999") ? Math.min(offset, 11) : offset;
      return addDays(start, found);
    };
    const one = <T>(...values: T[]) => values[random(values.length)];
    const licenses = Array.from({ length: 500 }, () => {
      const from = random(8);
      return {
        isActive: random(4) > 0,
        validFrom: day(from),
        validUntil: random(3) === 0 ? null : day(from + random(5)),
        graceDays: one(0, 0, 1, 3, 3650),
        afterExpiry: one("refuse" as const, "allow" as const, "entitled_versions" as const),
        updatesUntil: one(null, null, day(random(10))),
        versions: one(null, null, "2.x", ">=1.0 <2.0.0"),
        maxActivations: random(4),
        machineOverage: one(0, 50, 99, null),
        maxUsers: 1,
        deletedAt: random(5) === 0 ? new Date(0) : null,
        activationsInUse: random(6),
      };
    });
    const apps = licenses.map(() =>
      one(app("none", null), app("1.5", null), app("1.5", day(random(8))), app("2.1", day(random(8))))
    );
    const ctx = { db };
    for (let offset = 0; offset < 12; offset++) {
      const today = day(offset);
      const found = licenses.map((license, index) => {
        const isEntitled = dependsOnVersion(license) &&
          evaluate({ ...license, deletedAt: null }, { day: today, app: apps[index] }).checks
            .every(({ passed, name }) => passed || name === "enabled" || name === "started");
        return { ...license, isEntitled, deletedAt: license.deletedAt?.toISOString() ?? null };
      });
      const rows = await db<
        {
          isUsable: boolean;
          isUsableByExpression: boolean;
          isUsableByVersion: boolean;
          state: string;
          inStates: string[];
          isFree: boolean;
        }[]
      >`
        select
          ${usableOn(ctx, "l", today)} as is_usable,
          ${usableOn(ctx, "l", db`d.day`)} as is_usable_by_expression,
          ${usableOn(ctx, "l", today, { isEntitled: db`l.is_entitled` })} as is_usable_by_version,
          ${stateOn(ctx, "l", today)} as state,
          to_jsonb(array_remove(array[
            case when ${inState(ctx, "l", "active", today)} then 'active' end,
            case when ${inState(ctx, "l", "in_grace", today)} then 'in_grace' end,
            case when ${inState(ctx, "l", "inactive", today)} then 'inactive' end,
            case when ${inState(ctx, "l", "not_yet_valid", today)} then 'not_yet_valid' end,
            case when ${inState(ctx, "l", "expired", today)} then 'expired' end
          ], null)) as in_states,
          ${hasFreeActivation(ctx, "l")} as is_free
        from (select ${today}::date as day) d, rows from (
          jsonb_to_recordset(${db.json(found)})
            as (
              "isActive" boolean, "validFrom" date, "validUntil" date, "graceDays" integer, "afterExpiry" text,
              "updatesUntil" date, versions text, "maxActivations" integer, "machineOverage" integer,
              "maxUsers" integer, "deletedAt" timestamptz,
              "activationsInUse" integer, "isEntitled" boolean
            )
        ) with ordinality as l (
          is_active, valid_from, valid_until, grace_days, after_expiry, updates_until, versions, max_activations,
          machine_overage, max_users, deleted_at, activations_in_use, is_entitled, position
        )
        order by l.position`;
      for (const [index, license] of licenses.entries()) {
        const about = `${JSON.stringify(license)} with ${JSON.stringify(apps[index])} on ${today}`;
        const row = rows[index];
        const isValid = (code: string) => code === "VALID" || code === "GRACE_PERIOD";
        const { code } = evaluate(license, { day: today });
        assert.equal(row.isUsable, isValid(code), about);
        assert.equal(row.isUsableByExpression, row.isUsable, about);
        const ofApp = evaluate(license, { day: today, app: apps[index] }).code;
        assert.equal(row.isUsableByVersion, isValid(ofApp), about);
        const state = stateOf(license, today);
        assert.equal(ofApp === "GRACE_PERIOD", isValid(ofApp) && state === "in_grace", about);
        assert.equal(row.state, state, about);
        assert.deepEqual(row.inStates, [state], about);
        const { activationsInUse } = license;
        const limit = evaluate(license, { day: today, activationsInUse }).checks.at(-1)!;
        assert.equal(row.isFree, limit.passed, about);
      }
    }
  });
}

for (
  const [from, updates, until] of [
    ["2025-01-31", "P1M", "2025-02-27"],
    ["2024-02-29", "P1Y", "2025-02-27"],
    ["2025-03-01", "P14D", "2025-03-14"],
    ["2025-03-01", null, null],
    ["9999-06-01", "P1Y", LAST_DAY],
    ["9999-12-31", "P999Y", LAST_DAY],
  ] as const
) {
  test(`updates of ${updates ?? "no duration"} from ${from} end on ${until ?? "no day"}`, () => {
    assert.equal(updatesEnd(from, updates), until);
    assert.ok(until === null || !isBefore(until, from));
  });
}
