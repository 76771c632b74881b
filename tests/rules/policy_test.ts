// Architecture rule 6: whether a license may be used is decided in server/domain/policy and nowhere else, in SQL through
// its one fragment.
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

/** Files that compare the days of a license for another reason. */
const exceptions: Record<string, string> = {
  "server/domain/licenses/bulk_changes.ts": "leaves out licenses that never expire when their end is moved",
  "server/domain/licenses/list.ts": "filters a list by the day licenses expire",
  "server/domain/monitoring/expiries_ahead.ts": "counts licenses by the day they expire",
  "server/domain/licenses/expiry_events.ts": "records that a license expired or will expire",
  "server/domain/licenses/new_license.ts": "checks that a period does not end before it starts",
  "server/domain/licenses/manage.ts": "checks that a period does not end before it starts",
  "server/domain/licenses/extend.ts": "checks that a period does not end before it starts",
};

const compared =
  /\b(?:valid_until|valid_from)\b(?:\s*,\s*'infinity'::date\s*\))?\s*(?:<=?|>=?|is\s+(?:not\s+)?null|between)|(?:<=?|>=?|between)\s*(?:\w+\.)?(?:valid_until|valid_from)\b|\b(?:validUntil|validFrom)!?\s*(?:<=?|>=?)\s|(?<![=])[<>]=?\s*(?:\w+\.)*(?:validUntil|validFrom)\b|\b(?:isBefore|compareDays)\([^()]*\b(?:validUntil|validFrom)\b/g;

const outsidePolicy = code.filter(({ path }) =>
  under("server/", "worker/", "cli/")(path) && !under("server/domain/policy/")(path)
);

test("the days of a license are compared in the policy alone", () => {
  assertNone(
    outsidePolicy.filter(({ path }) => !(path in exceptions)).map(withoutComments)
      .flatMap((source) => find(source, compared)).map(({ at, found }) => `${at} has ${found[0]}`),
    "Call evaluate(), or compose usableOn() or inState(), of server/domain/policy:",
  );
});

test("every exception to that is needed", () => {
  assertNone(
    Object.keys(exceptions).filter((path) =>
      !outsidePolicy.filter((source) => source.path === path).map(withoutComments)
        .some((source) => find(source, compared).length > 0)
    ),
    "Take it out of `exceptions` in tests/rules/policy_test.ts:",
  );
});

test("no statement but the policy's combines a license's switch with its days", () => {
  assertNone(
    outsidePolicy.map(withoutComments).flatMap((source) =>
      find(source, /\bis_active\b[^`;]{0,120}\bvalid_from\s*<|\bvalid_from\s*<[^`;]{0,120}\bis_active\b/g)
    ).map(({ at }) => at),
    "Compose usableOn() of server/domain/policy:",
  );
});
