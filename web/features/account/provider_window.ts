// Signing in or confirming at the identity provider in a window of its own, so that nothing typed in this one is lost.
import { addresses } from "../../lib/addresses.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";

type Me = Outputs["account"]["me"];

/** How often this window asks whether the other one is done; milliseconds. */
const POLL_INTERVAL = 1000;

/**
 * Opens the provider in another window and waits until the session is confirmed.
 *
 * @param begin starts the sign-in or the re-authentication and returns the provider's address
 * @param isDone whether the account, as it is loaded again and again, has what was asked for
 * @returns the account; null when the window was closed before
 */
export async function waitForProvider(
  begin: (returnTo: string) => Promise<{ url: string }>,
  isDone: (me: Me) => boolean,
): Promise<Me | null> {
  // Opened at once: browsers block windows that are opened later than the click.
  const opened = globalThis.open("", "_blank");
  try {
    const { url } = await begin(addresses.confirmed());
    if (!opened) {
      globalThis.location.assign(url);
      return null;
    }
    opened.location.href = url;
  } catch (error) {
    opened?.close();
    throw error;
  }
  while (true) {
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
    const isClosed = opened.closed;
    const person = await trpc.account.me.query(undefined, { context: { quiet: true } }).catch(() => null);
    if (person && isDone(person)) {
      opened.close();
      return person;
    }
    if (isClosed) return null;
  }
}
