// The sentences of refused sign-ins: identities, setup links and invitations.
import type { IdentityRefusal } from "../domain/errors.ts";

/** Why an identity provider's answer lets no one in. */
export const identityRefusals: Record<IdentityRefusal, string> = {
  another_person:
    "You signed in to the identity provider as a different person. Sign out there and try again.",
  denied:
    "The identity provider denied the sign-in, or you cancelled it. Try again, or contact its administrator.",
  disabled: "Your account is disabled. Ask an owner to enable it.",
  email_not_verified:
    "The identity provider has not verified your email address, so no account is linked to it. Ask its administrator to verify the address.",
  invalid_answer:
    "Invalid response from the identity provider. Try again; if it persists, the server's log has the reason.",
  last_owner:
    "The identity provider assigns you another role, but you are the last owner. Make another administrator an owner first.",
  linked_to_another:
    "The account with your email address belongs to another person at the identity provider. An owner can remove that link.",
  no_role:
    "The identity provider assigns you no role. Ask its administrator to add you to a group that has one.",
  not_asked_again:
    "The identity provider did not ask for your credentials again. Confirm with a passkey, or sign out and sign in again.",
  not_started_here:
    "This sign-in was not started in this browser, was already used, or took longer than ten minutes. Start again.",
  unknown:
    "You don't have an account. Ask an owner to invite the email address that you use at the identity provider.",
};

/** Why a setup link opens nothing. */
export const setups = {
  done: "This server is already set up. Sign in, or ask an owner for an invitation.",
  expired: "This link has expired. Start the server again, or run: deno task latchkey admin setup-link",
  unknown:
    "This link is not valid. Copy the whole link from the server's log, or create a new one: deno task latchkey admin setup-link",
};

/** Why an invitation is not open. */
export const invitations = {
  accepted: "This invitation was already accepted. Sign in with your password.",
  withdrawn: "This invitation was revoked, or replaced by a newer one. Ask an owner for a new one.",
  expired: "This invitation expired after seven days. Ask an owner for a new one.",
  unknown: "This invitation link is not valid. It may be incomplete: open it from the email again.",
};
