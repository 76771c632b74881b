// The messages of requests for license files that cannot be used, by their reason.
import type { OfflineRequestProblem } from "../domain/errors.ts";

export const offlineRequests: Record<Exclude<OfflineRequestProblem, "field">, string> = {
  incomplete: "The request is incomplete or was changed. Copy all of it, from BEGIN to END.",
  license_file:
    "This is a license file, not a request. Copy the request that the app shows, from BEGIN LATCHKEY REQUEST to END.",
  not_found:
    "There is no request in this text. Copy all of it, from BEGIN LATCHKEY REQUEST to END LATCHKEY REQUEST.",
  several: "There are several requests in this text. Enter one at a time.",
  too_long: "This request is too long. Update the app, or tell its vendor.",
  unreadable: "This request cannot be read. Update the app, or tell its vendor.",
};
