// How a program ends: within its drain time, with an error message, or by an uncaught error.
import { captureConsole, describeError, type Log } from "./request/log.ts";
import { within } from "./request/within.ts";

/** Exit code of a program that ended before everything that was running had finished. */
export const CUT_OFF = 3;

/** Exit code after an uncaught error: EX_SOFTWARE of sysexits.h. A supervisor starts the program again. */
export const UNCAUGHT = 70;

/**
 * Makes a log the only output of a program that runs for long, and ends the process after an uncaught error has been logged:
 * what it was in the middle of is unknown. No request causes one; it is a bug.
 */
export function exitOnUncaught(log: Log): void {
  captureConsole(log);
  const end = async (error: unknown) => {
    log.error("uncaught error: the process ends", describeError(error));
    await log.flush();
    Deno.exit(UNCAUGHT);
  };
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    void end(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    void end(event.error);
  });
}

/** Ends the process after so many milliseconds, should stopping it hang. */
export function exitAfter(milliseconds: number): void {
  Deno.unrefTimer(setTimeout(() => Deno.exit(CUT_OFF), milliseconds));
}

/** How long a message may take to be printed; milliseconds. */
const PRINT_WITHIN = 1000;

/** Prints the error's message, if its reader takes it, and ends the process with code 1. */
export async function exitWithError(error: unknown): Promise<never> {
  const message = error instanceof Error ? error.message : String(error);
  await within(PRINT_WITHIN, Deno.stderr.write(new TextEncoder().encode(`${message}\n`)));
  Deno.exit(1);
}
