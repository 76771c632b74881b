// `deno task backup [FOLDER] [--keep N]` and `deno task backup --verify FILE`. The exit code is 0 when the backup is
// complete or good, and 1 otherwise.
import { readEnvironment } from "../server/config.ts";
import { exitWithError } from "../server/signals.ts";
import { explainUnavailable } from "../server/start_check.ts";
import { runBackup } from "./backup/commands.ts";

await (async () => await runBackup(Deno.args, readEnvironment(), console.log))().catch((error) =>
  exitWithError(explainUnavailable(error))
);
Deno.exit(0);
