// `latchkey` without the commands for the machine of a server: what `deno task latchkey:compile` makes one file of, for the
// computers of administrators.
import { runProgram } from "./latchkey/program.ts";

Deno.exit(await runProgram(Deno.args));
