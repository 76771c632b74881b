// `deno task restore FILE [--replace]`: restores a backup into the database of DATABASE_URL. The exit code is 0 when the
// database can be used, and 1 otherwise.
import { readEnvironment } from "../server/config.ts";
import { exitWithError } from "../server/signals.ts";
import { explainUnavailable } from "../server/start_check.ts";
import { runRestore } from "./backup/commands.ts";

await (async () => await runRestore(Deno.args, readEnvironment(), console.log))().catch((error) =>
  exitWithError(explainUnavailable(error))
);
Deno.exit(0);
