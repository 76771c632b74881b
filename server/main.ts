// `deno task server`: the HTTP server in production, in one process or in several that share the port. The parent of several
// loads nothing of them: see `processes.ts`.
import { readProcessSettings } from "./process_settings.ts";
import { CHECK, runProcesses, SHARE_PORT } from "./processes.ts";
import { stopSignal } from "./stop_signal.ts";

const settings = readProcessSettings();
const isChild = [CHECK, SHARE_PORT].some((argument) => Deno.args.includes(argument));
if (settings.processes > 1 && !isChild) {
  Deno.exit(await runProcesses(import.meta.filename!, settings, stopSignal()));
}
// Computed, because Deno would read the files of an import that it can see at the start, also for the parent: 6 MB.
await import(new URL("./server_process.ts", import.meta.url).href);
