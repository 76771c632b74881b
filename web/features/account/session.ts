// Who is signed in, and what they may do.
import { createSignal } from "solid-js";
import { queryClient } from "../../lib/queries.ts";
import { replacePreferences } from "./preferences.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { toApiError } from "../../lib/api_error.ts";

export type Me = Outputs["account"]["me"];
export type Role = Me["role"];

const [me, setMe] = createSignal<Me | null>(null);
export { me };

const rank: Record<Role, number> = { viewer: 1, manager: 2, owner: 3 };

/** Whether who is signed in may do what a role may. */
export function hasRole(role: Role): boolean {
  const person = me();
  return person !== null && rank[person.role] >= rank[role];
}

/** Why a button of theirs is disabled; null when it is not. */
export function missingRoleReason(role: Role): string | null {
  return hasRole(role) ? null : `This needs the role ${role}; yours is ${me()?.role ?? "none"}.`;
}

/** Finds out who is signed in; null when nobody is. */
export async function loadMe(): Promise<Me | null> {
  try {
    const quiet = { context: { quiet: true } };
    const [person, preferences] = await Promise.all([
      trpc.account.me.query(undefined, quiet),
      trpc.account.preferences.query(undefined, quiet),
    ]);
    replacePreferences(preferences);
    setMe(person);
  } catch (error) {
    if (toApiError(error).code !== "SIGN_IN_REQUIRED") throw error;
    setMe(null);
  }
  return me();
}

/** Takes over who has just signed in; what was shown to somebody before them is forgotten. */
export async function reloadSession(): Promise<void> {
  queryClient.clear();
  await loadMe();
}

/** Ends the session, and forgets what it has shown. */
export async function signOut(): Promise<void> {
  await trpc.account.signOut.mutate(undefined, { context: { quiet: true } }).catch(() => {});
  setMe(null);
  queryClient.clear();
}
