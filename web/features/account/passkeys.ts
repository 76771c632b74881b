// The browser's part of passkeys (WebAuthn), with its errors in plain words.
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { type Outputs, trpc } from "../../lib/trpc.ts";

const quiet = { context: { quiet: true } };

/** Whether passkeys work here. Browsers require https or localhost, and a host name instead of an IP address. */
export function canUsePasskeys(): boolean {
  return browserSupportsWebAuthn() && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);
}

/** Why passkeys do not work here; null when they do. */
export function passkeysUnavailableReason(): string | null {
  return canUsePasskeys() ? null : "Passkeys require HTTPS and a domain name.";
}

/** Signs in with a passkey that the administrator chooses. */
export async function signInWithPasskey(): Promise<Outputs["account"]["signInWithPasskey"]> {
  const response = await sign();
  return await trpc.account.signInWithPasskey.mutate({ response: response as never }, quiet);
}

/** Re-authenticates with a passkey. */
export async function reauthenticateWithPasskey(): Promise<void> {
  const response = await sign();
  await trpc.account.reauthenticateWithPasskey.mutate({ response: response as never }, quiet);
}

/** Creates a passkey on this device and registers it under a name. */
export async function addPasskey(name: string): Promise<Outputs["account"]["addPasskey"]> {
  const options = await trpc.account.startPasskeyRegistration.mutate();
  const response = await withReadableError(startRegistration({ optionsJSON: options as never }));
  return await trpc.account.addPasskey.mutate({ name, response: response as never });
}

async function sign() {
  const options = await trpc.account.startPasskeySignIn.mutate(undefined, quiet);
  return await withReadableError(startAuthentication({ optionsJSON: options as never }));
}

const messages: Record<string, string> = {
  NotAllowedError: "No passkey received: it was cancelled or timed out. Nothing was changed.",
  InvalidStateError: "This device already has a passkey for your account.",
  SecurityError: "Passkeys require HTTPS and a domain name.",
};

/** Replaces the browser's errors with messages for administrators. */
async function withReadableError<Answer>(operation: Promise<Answer>): Promise<Answer> {
  try {
    return await operation;
  } catch (error) {
    const known = messages[(error as Error).name];
    throw known ? new Error(known) : error;
  }
}
