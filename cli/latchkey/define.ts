// How a command is defined: its arguments and options, what it may do, an example for --help, and what is done with its
// result.
import type { Command } from "commander";
import { type ExitCode, exitCodes } from "./exit_codes.ts";
import { giveUpRights, type Rights } from "./rights.ts";
import { print } from "./terminal.ts";

/** What a command prints: with `--json` one JSON document, else a text. Null: it has printed everything itself. */
export type Result = { json: unknown; text: string; exitCode?: ExitCode } | null;

/** The options that every command has, and its own by name. */
export interface Options {
  json: boolean;
  yes: boolean;
  url?: string;
  // deno-lint-ignore no-explicit-any
  [name: string]: any;
}

export interface OptionSpec {
  flags: string;
  description: string;
  /** How a value is read. */
  parse?(value: string, before: unknown): unknown;
  isRequired?: boolean;
}

export interface CommandSpec {
  /** The name, with arguments: `show <license>`, `list`. */
  name: string;
  summary: string;
  /** A whole command for --help, without the program's name. */
  example: string;
  options?: OptionSpec[];
  rights: Rights;
  /** Asks before it does something that cannot be undone, or has effects on customers, unless `--yes`. */
  asks?: boolean;
  run(args: string[], options: Options): Promise<Result>;
}

/** Adds a command to the program or to a group of commands. */
export function define(parent: Command, spec: CommandSpec): void {
  const command = parent.command(spec.name).description(spec.summary);
  for (const { flags, description, parse, isRequired = false } of spec.options ?? []) {
    const option = command.createOption(flags, description).makeOptionMandatory(isRequired);
    command.addOption(parse ? option.argParser(parse) : option);
  }
  if (spec.rights === "remote") {
    command.option("--url <url>", "the server; else LATCHKEY_URL, or where you signed in last");
  }
  if (spec.asks) command.option("--yes", "do not ask", false);
  command.option("--json", "print JSON", false);
  command.addHelpText("after", `\nExample:\n  $ latchkey ${spec.example}`);
  command.showHelpAfterError(`latchkey ${pathOf(command)} --help says how.`);
  command.action(async () => {
    giveUpRights(spec.rights);
    const given = command.processedArgs.flat().filter((value) => value !== undefined) as string[];
    const result = await spec.run(given, command.opts<Options>());
    if (result === null) return;
    if (command.opts().json) await print(JSON.stringify(result.json, null, 2));
    else if (result.text !== "") await print(result.text);
    Deno.exitCode = result.exitCode ?? exitCodes.ok;
  });
}

/** A group of commands, such as `licenses`. */
export function defineGroup(parent: Command, name: string, summary: string, alias?: string): Command {
  const group = parent.command(name).description(summary);
  if (alias !== undefined) group.alias(alias);
  group.showHelpAfterError(`latchkey ${name} --help says how.`);
  return group;
}

/** `licenses list` */
export function pathOf(command: Command): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
