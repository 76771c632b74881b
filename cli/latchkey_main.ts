// `latchkey`: the command line. `deno task latchkey --help` lists its commands; docs/command_line.md describes it.
import { defineServerCommands } from "./latchkey/commands/server.ts";
import { runProgram } from "./latchkey/program.ts";

Deno.exit(await runProgram(Deno.args, defineServerCommands));
