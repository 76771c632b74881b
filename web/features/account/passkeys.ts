// Passkeys: the browser's part of them, and what goes wrong there in words.
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { type Outputs, trpc } from "../../lib/trpc.ts";

const quiet = { context: { quiet: true } };

/** Whether this browser can have passkeys here: they want https or localhost, and a name instead of a number. */
export function canUsePasskeys(): boolean {
  return browserSupportsWebAuthn() && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);
}

/** Why there can be no passkeys here; null when there can. */
export function passkeysUnavailableReason(): string | null {
  return canUsePasskeys() ? null : "This browser has passkeys only for addresses with a name, over https.";
}

/** Signs in by a passkey the person chooses. */
export async function signInWithPasskey(): Promise<Outputs["account"]["signInWithPasskey"]> {
  const response = await sign();
  return await trpc.account.signInWithPasskey.mutate({ response: response as never }, quiet);
}

/** Shows by a passkey that it is still the same person. */
export async function reauthenticateWithPasskey(): Promise<void> {
  const response = await sign();
  await trpc.account.reauthenticateWithPasskey.mutate({ response: response as never }, quiet);
}

/** Lets this device make a passkey, and adds it under a name. */
export async function addPasskey(name: string): Promise<Outputs["account"]["addPasskey"]> {
  const options = await trpc.account.startPasskeyRegistration.mutate();
  const response = await withReadableError(startRegistration({ optionsJSON: options as never }));
  return await trpc.account.addPasskey.mutate({ name, response: response as never });
}

async function sign() {
  const options = await trpc.account.startPasskeySignIn.mutate(undefined, quiet);
  return await withReadableError(startAuthentication({ optionsJSON: options as never }));
}

const words: Record<string, string> = {
  NotAllowedError: "The browser gave no passkey: it was cancelled, or took too long. Nothing was changed.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "This browser has passkeys only for addresses with a name, over https.",
};

/** The browser's refusals, for people. */
async function withReadableError<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    const known = words[(error as Error).name];
    throw known ? new Error(known) : error;
  }
}
