// The whole program: its commands, in the order in which --help lists them, and how it ends.
import { Command, CommanderError } from "commander";
import { version } from "../../server/version.ts";
import { defineCompletionCommand } from "./commands/completion.ts";
import { defineEventCommands } from "./commands/events.ts";
import { defineLicenseCommands } from "./commands/licenses.ts";
import { defineLicenseFileCommands } from "./commands/license_files.ts";
import { defineObjectCommands } from "./commands/objects.ts";
import { defineSessionCommands } from "./commands/sessions.ts";
import { defineTableCommands } from "./commands/tables.ts";
import { defineWebhookCommands } from "./commands/webhooks.ts";
import { CommandError, exitCodes } from "./exit_codes.ts";
import { type NounName, nouns } from "./nouns.ts";
import { red, say } from "./terminal.ts";

/** @param defineMore adds commands, such as those for the machine of a server */
export function createProgram(defineMore: (program: Command) => void = () => {}): Command {
  const program = new Command("latchkey")
    .description(
      "Licenses from the command line: those of a server you sign in to, and the server on this machine.",
    )
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("latchkey --help lists the commands.")
    .addHelpText(
      "after",
      `
Exit codes: 0 done, 1 refused or a check failed, 2 wrong use, 3 not signed in, 4 server not reached.
With LATCHKEY_URL and LATCHKEY_TOKEN in the environment no sign-in is needed.

Example:
  $ latchkey sign-in --url https://licenses.example.com
  $ latchkey licenses list --state expired`,
    );
  defineSessionCommands(program);
  for (const name of Object.keys(nouns) as NounName[]) {
    const group = defineObjectCommands(program, name);
    defineTableCommands(group, name);
    if (name === "licenses") defineLicenseCommands(group);
    if (name === "webhooks") defineWebhookCommands(group);
    if (name === "events") defineEventCommands(group);
    group.description(group.commands.map((command) => command.name()).join(", "));
  }
  defineLicenseFileCommands(program);
  defineMore(program);
  defineCompletionCommand(program);
  return program;
}

/** Runs a command and returns its exit code; what went wrong is on standard error. */
export async function runProgram(args: string[], defineMore?: (program: Command) => void): Promise<number> {
  try {
    await createProgram(defineMore).parseAsync(args, { from: "user" });
    return Deno.exitCode;
  } catch (error) {
    // The reader of the output, such as `head`, has had enough.
    if (error instanceof Deno.errors.BrokenPipe) return exitCodes.ok;
    if (error instanceof CommanderError) {
      return ["commander.helpDisplayed", "commander.version"].includes(error.code)
        ? exitCodes.ok
        : exitCodes.wrongUse;
    }
    const explained = explain(error);
    await describe(explained, args.includes("--json"));
    return explained.exitCode;
  }
}

/** An error with what to do next. */
function explain(error: unknown): Pick<CommandError, "message" | "next" | "facts" | "exitCode"> {
  if (error instanceof CommandError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const next = error instanceof Deno.errors.NotCapable
    ? "Files are read and written in the folder in which the command is called, and by < FILE and > FILE."
    : null;
  return { message, next, facts: {}, exitCode: exitCodes.refused };
}

async function describe(
  { message, next, exitCode, facts }: ReturnType<typeof explain>,
  isJson: boolean,
): Promise<void> {
  if (isJson) return await say(JSON.stringify({ error: { message, next, exit_code: exitCode, ...facts } }));
  await say(`${red("Error:")} ${message}${next === null ? "" : `\n→ ${next}`}`);
}
