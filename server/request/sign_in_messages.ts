// The sentences of refused sign-ins: identities, setup links and invitations.
import type { IdentityRefusal } from "../domain/errors.ts";

/** Why an identity provider's answer lets no one in. */
export const identityRefusals: Record<IdentityRefusal, string> = {
  another_person: "You signed in there as another person than here. Sign out there and try again.",
  denied: "The identity provider did not let you in, or you cancelled. Try again, or ask who manages it.",
  disabled: "Your account here is disabled. Ask an owner to enable it.",
  email_not_verified:
    "The identity provider does not say that your email address is verified, so no account is linked to it. Ask whoever manages it to verify the address.",
  invalid_answer:
    "The identity provider's answer is not valid, so no one was signed in. Try again; if it persists, the operator finds the reason in the server's log.",
  last_owner:
    "The identity provider gives you another role, but you are the last owner here. Make another administrator an owner first.",
  linked_to_another:
    "The account with your email address belongs to another person at the identity provider. An owner can remove that link.",
  no_role:
    "The identity provider gives you no role here. Ask whoever manages it to add you to a group that has one.",
  not_asked_again:
    "The identity provider did not ask for your credentials again. Confirm with a passkey, or sign out and sign in again.",
  not_started_here:
    "This sign-in was not started in this browser, was used already, or took longer than ten minutes. Start again.",
  unknown: "There is no account here for you. Ask an owner to invite the address that you use there.",
};

/** Why a setup link opens nothing. */
export const setups = {
  done: "This system is set up. Sign in, or ask an owner for an invitation.",
  expired: "This link has expired. Start the server again, or run: deno task admin setup-link",
  unknown:
    "This link is not valid. Copy the whole link from the server's log, or make a new one: deno task admin setup-link",
};

/** Why an invitation is not open. */
export const invitations = {
  accepted: "This invitation was accepted already. Sign in with the password chosen then.",
  withdrawn: "This invitation was withdrawn, or replaced by a later one. Ask an owner for a new one.",
  expired: "This invitation has expired after seven days. Ask an owner for a new one.",
  unknown: "This invitation link is not valid. It may have been cut off: open it from the mail again.",
};
