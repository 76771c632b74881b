// Ranges of versions, with what the server makes of them.
import { isInRange, parseVersionRange } from "../../server/domain/policy/version_range.ts";
import { parseVersion } from "../../server/domain/releases/version.ts";
import type { Case } from "./cases.ts";

export interface VersionGiven {
  version: string;
  range: string;
}

const pairs: [reason: string, range: string, ...versions: string[]][] = [
  [
    "Comparators: the first is included, the last is not.",
    ">=2.0.0 <3.0.0",
    "1.9.9",
    "2.0.0",
    "2.9.9.9",
    "3.0.0",
    "3.0.0-beta",
    "2.0.0-rc.1",
  ],
  [
    "A caret keeps the first part that is not 0.",
    "^1.2.3",
    "1.2.2",
    "1.2.3",
    "1.99",
    "2.0.0",
    "v1.4",
    "1.4 (build 9)",
  ],
  ["A caret with 0.", "^0.2.3", "0.2.9", "0.3.0"],
  ["A tilde keeps two parts.", "~1.2", "1.2.9", "1.3.0"],
  ["Parts that may be anything.", "2.x", "2.0", "2.99.1", "3.0"],
  ["Any version.", "*", "0.0.1", "999"],
  ["A hyphen: both ends are included.", "1.0 - 2.5", "1.0.0", "2.5.9", "2.6.0"],
  ["Alternatives.", "1.x || >=3", "1.5", "2.0", "3.1"],
  ["One version.", "=2.1.0", "2.1.0", "2.1", "2.1.1", "2.1.0.0"],
  ["A pre-release that is named.", ">=3.0.0-beta.2", "3.0.0-beta.1", "3.0.0-beta10", "3.0.0"],
  ["A range that cannot be read has no version.", "two", "2.0.0"],
  ["A version that cannot be read is in each range.", "*", "latest", ""],
];

export function versionCases(): Case<VersionGiven, boolean>[] {
  return pairs.flatMap(([reason, range, ...versions]) =>
    versions.map((version) => {
      const bounds = parseVersionRange(range);
      const parsed = parseVersion(version);
      return {
        name: `${version || "nothing"} in ${range}`,
        reason,
        given: { version, range },
        expected: bounds !== null && (parsed === null || isInRange(bounds, parsed)),
      };
    })
  );
}
