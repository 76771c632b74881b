// Refuses what the terms of a license do not allow.
import { type ErrorFacts, refuse } from "../errors.ts";
import { lastUpdateDay } from "./app_version.ts";
import { type Circumstances, denialOf } from "./evaluate.ts";
import type { LicenseTerms } from "./terms.ts";

/**
 * Evaluates the terms of a license and refuses when a check fails.
 *
 * @throws DomainError the first denial's code, with the terms that caused it
 */
export function requireValid(terms: LicenseTerms, circumstances: Circumstances): void {
  const code = denialOf(terms, circumstances);
  switch (code) {
    case null:
      return;
    case "LICENSE_NOT_YET_VALID":
      refuse(code, { validFrom: terms.validFrom });
      break;
    case "LICENSE_EXPIRED":
      refuse(code, expiredFacts(terms));
      break;
    case "VERSION_NOT_ENTITLED":
      refuse(code, { versions: terms.versions, updatesUntil: lastUpdateDay(terms, circumstances.day) });
      break;
    case "ACTIVATION_LIMIT_REACHED":
      refuse(code, {
        maxActivations: terms.maxActivations,
        currentActivations: circumstances.activationsInUse!,
      });
      break;
    case "SESSION_LIMIT_REACHED":
      refuse(code, {
        maxUsers: terms.maxUsers,
        activeSessions: circumstances.seatsInUse!,
        ...(circumstances.waiting ? { waiting: circumstances.waiting } : {}),
      });
      break;
    default:
      refuse(code);
  }
}

/** The facts of `LICENSE_EXPIRED`. Where versions of the app stay valid, it is refused only while the app's is unknown. */
export function expiredFacts({ validUntil, afterExpiry }: LicenseTerms): ErrorFacts["LICENSE_EXPIRED"] {
  return afterExpiry === "entitled_versions" ? { validUntil, reason: "version_unknown" } : { validUntil };
}
