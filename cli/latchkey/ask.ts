// Questions to the person at the terminal. Where standard input is none, nothing is asked.
import { CommandError, exitCodes } from "./exit_codes.ts";
import { write } from "./terminal.ts";

/** Whether a person can answer. */
export const canAsk = (): boolean => Deno.stdin.isTerminal() && Deno.stderr.isTerminal();

/** A line that is typed. */
export async function ask(question: string): Promise<string> {
  await write(Deno.stderr, `${question}: `);
  return await readLine();
}

/** Reads a password: without echo on a terminal, else all of standard input. */
export async function readPassword(question = "Password"): Promise<string> {
  if (!Deno.stdin.isTerminal()) {
    return (await new Response(Deno.stdin.readable).text()).replace(/\r?\n$/, "");
  }
  await write(Deno.stderr, `${question}: `);
  Deno.stdin.setRaw(true);
  try {
    return await readLine();
  } finally {
    Deno.stdin.setRaw(false);
    await write(Deno.stderr, "\n");
  }
}

/**
 * Goes on after a yes.
 *
 * @throws CommandError when the answer is another, or no one can answer and `--yes` was not given
 */
export async function confirm(question: string, isConfirmed: boolean): Promise<void> {
  if (isConfirmed) return;
  if (!canAsk()) {
    throw new CommandError("wrongUse", `${question} Nothing was changed.`, "Repeat it with --yes.");
  }
  const answer = await ask(`${question} [y/N]`);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("refused", "Nothing was changed.");
}

/** A line of the terminal, also while it echoes nothing and leaves editing to the program. */
async function readLine(): Promise<string> {
  let typed = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64);
  while (true) {
    const read = await Deno.stdin.read(buffer);
    for (const key of decoder.decode(buffer.subarray(0, read ?? 0), { stream: true })) {
      if (key === "\r" || key === "\n") return typed;
      if (key === "\x03") {
        Deno.stdin.setRaw(false);
        Deno.exit(exitCodes.interrupted);
      }
      typed = key === "\x7f" ? typed.slice(0, -1) : typed + key;
    }
    if (read === null) return typed;
  }
}
