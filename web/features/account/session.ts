// The signed-in administrator and what their role permits.
import { createSignal } from "solid-js";
import { clearDrafts, keepDraftsOf } from "../../lib/drafts.ts";
import { formatWord } from "../../lib/format.ts";
import { queryClient } from "../../lib/queries.ts";
import { clearRecentPages, keepRecentPagesOf } from "../../lib/recent_pages.ts";
import { replacePreferences } from "./preferences.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { toApiError } from "../../lib/api_error.ts";

export type Me = Outputs["account"]["me"];
export type Role = Me["role"];

const [me, setMe] = createSignal<Me | null>(null);
export { me };

/** Whether the identity provider opened the session: such an administrator has no password to confirm it with. */
export const isByProvider = () => me()?.firstFactor === "identity_provider";

const rank: Record<Role, number> = { viewer: 1, manager: 2, owner: 3 };

/** Whether the signed-in administrator has at least this role. */
export function hasRole(role: Role): boolean {
  const person = me();
  return person !== null && rank[person.role] >= rank[role];
}

/** Why an action that needs a role is disabled; null when it is not. */
export function missingRoleReason(role: Role): string | null {
  return hasRole(role)
    ? null
    : `Requires the ${formatWord(role)} role (you are ${formatWord(me()?.role ?? "signed out")}).`;
}

/** Loads the signed-in administrator and their preferences; null when there is no session. */
export async function loadMe(): Promise<Me | null> {
  try {
    const quiet = { context: { quiet: true } };
    const [person, preferences] = await Promise.all([
      trpc.account.me.query(undefined, quiet),
      trpc.account.preferences.query(undefined, quiet).catch((error) => {
        // Without the second factor that is required nothing is loaded but the account itself.
        if (toApiError(error).code !== "SECOND_FACTOR_MISSING") throw error;
        return null;
      }),
    ]);
    if (preferences) replacePreferences(preferences);
    keepDraftsOf(person.id);
    keepRecentPagesOf(person.id);
    setMe(person);
  } catch (error) {
    if (toApiError(error).code !== "SIGN_IN_REQUIRED") throw error;
    setMe(null);
  }
  return me();
}

/** Loads the session after signing in, and drops data that was loaded for another administrator. */
export async function reloadSession(): Promise<void> {
  queryClient.clear();
  await loadMe();
}

/**
 * Ends the session and drops all loaded data, unfinished forms and recent pages.
 *
 * @returns whether the browser leaves the panel, to sign out at the identity provider
 */
export async function signOut(): Promise<boolean> {
  const ended = await trpc.account.signOut.mutate(undefined, { context: { quiet: true } }).catch(() => null);
  setMe(null);
  queryClient.clear();
  clearDrafts();
  clearRecentPages();
  if (!ended?.url) return false;
  globalThis.location.assign(ended.url);
  return true;
}
