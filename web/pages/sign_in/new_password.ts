// Choosing a password on a page without a session: the check of its length, and the state of the form.
import { createSignal } from "solid-js";
import { type ApiError, toApiError } from "../../lib/api_error.ts";

/** @param save sends the password; the form shows why when it is refused */
export function createNewPassword(save: (password: string) => Promise<void>) {
  const [password, setPassword] = createSignal("");
  const [tooShort, setTooShort] = createSignal<string | null>(null);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  const [isBusy, setIsBusy] = createSignal(false);
  return {
    password,
    tooShort,
    refused,
    isBusy,
    setPassword(value: string) {
      setPassword(value);
      setTooShort(null);
    },
    async submit(event: Event): Promise<void> {
      event.preventDefault();
      if (isBusy()) return;
      if (password().length < 8) {
        setTooShort("At least 8 characters.");
        return;
      }
      setIsBusy(true);
      setRefused(null);
      try {
        await save(password());
      } catch (error) {
        setRefused(toApiError(error));
      } finally {
        setIsBusy(false);
      }
    },
  };
}
