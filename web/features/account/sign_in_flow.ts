// Signing in with a password or a passkey, and with a second factor where one is enabled: the state that the sign-in
// page and the re-authentication dialog share.
import { createSignal } from "solid-js";
import { type ApiError, toApiError } from "../../lib/api_error.ts";

/** What the API takes: a code only once it has asked for one. */
export interface Credentials {
  password: string;
  code: string | null;
}

/**
 * @param options.done runs after a successful attempt
 * @param options.failed handles errors other than a missing or wrong code; returns the message to show
 */
export function createSignInFlow(
  options: { done(): Promise<void> | void; failed(error: ApiError): string | null },
) {
  const [password, setPassword] = createSignal("");
  const [code, setCode] = createSignal("");
  const [needsCode, setNeedsCode] = createSignal(false);
  const [message, setMessage] = createSignal<string | null>(null);
  const [codeError, setCodeError] = createSignal<string | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);

  async function attempt(work: (credentials: Credentials) => Promise<unknown>): Promise<void> {
    if (isBusy()) return;
    setIsBusy(true);
    setMessage(null);
    setCodeError(null);
    try {
      await work({ password: password(), code: needsCode() ? code().trim() || null : null });
      await options.done();
    } catch (caught) {
      const error = toApiError(caught);
      if (error.code === "SECOND_FACTOR_REQUIRED") {
        if (error.details.reason === "wrong") {
          setCodeError("Incorrect or already used code. Wait for the next one.");
        }
        setNeedsCode(true);
      } else {
        setMessage(options.failed(error));
      }
    } finally {
      setIsBusy(false);
    }
  }

  function reset(): void {
    setPassword("");
    setCode("");
    setNeedsCode(false);
    setMessage(null);
    setCodeError(null);
  }

  return { password, setPassword, code, setCode, needsCode, message, codeError, isBusy, attempt, reset };
}
