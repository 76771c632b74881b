// `deno task health`: asks the server, or with --worker the worker, of this machine or container whether it lives. For
// the health check of an image without curl. The exit code is 0 or 1.
import { readEnvironment } from "../server/config.ts";

/** Milliseconds. */
const TIMEOUT = 4000;

const { HOST, PORT, WORKER_METRICS_PORT } = readEnvironment();
const port = Deno.args.includes("--worker") ? WORKER_METRICS_PORT : PORT;
const host = ["0.0.0.0", "::"].includes(HOST) ? "127.0.0.1" : HOST;

try {
  const { status } = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(TIMEOUT) });
  console.log(`/health on port ${port} answers ${status}`);
  Deno.exit(status === 200 ? 0 : 1);
} catch (error) {
  console.error(`/health on port ${port} does not answer: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
