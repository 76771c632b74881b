// `health`: asks the server, or the worker, of this machine or container whether it lives. For the health check of an image
// without curl.
import { readEnvironment } from "../../../server/config.ts";
import type { Result } from "../define.ts";
import { CommandError, exitCodes } from "../exit_codes.ts";

/** Milliseconds. */
const TIMEOUT = 4000;

export async function runHealth(isWorker: boolean): Promise<Result> {
  const { HOST, PORT, WORKER_METRICS_PORT } = readEnvironment();
  const port = isWorker ? WORKER_METRICS_PORT : PORT;
  const host = ["0.0.0.0", "::"].includes(HOST) ? "127.0.0.1" : HOST;
  try {
    const { status } = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(TIMEOUT) });
    return {
      json: { port, status },
      text: `/health on port ${port} answers ${status}`,
      exitCode: status === 200 ? exitCodes.ok : exitCodes.refused,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError("refused", `/health on port ${port} does not answer: ${reason}`);
  }
}
