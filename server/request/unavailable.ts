// What is answered while something that the server needs cannot be used: 503, so that clients try again.
import { isUnavailable } from "../../db/connect.ts";
import { SigningKeyUnreadable } from "../domain/signing/signing_key.ts";
import { RequestError } from "./request_error.ts";

/** The error for something thrown because the database, or a signing key, cannot be used; null: it is something else. */
export function unavailabilityOf(error: unknown): RequestError<"UNAVAILABLE"> | null {
  if (error instanceof SigningKeyUnreadable) {
    return new RequestError("UNAVAILABLE", { reason: "signing_key" });
  }
  return isUnavailable(error) ? new RequestError("UNAVAILABLE") : null;
}
