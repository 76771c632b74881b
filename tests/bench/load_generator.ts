// Sends load to a server from another process, with wrk if it is installed, otherwise with autocannon. Requests cycle
// through a list of bodies.
import { join } from "node:path";

export interface LoadResult {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Responses other than 2xx, and requests without a response. */
  failed: number;
}

export interface Load {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  bodies: string[];
  connections: number;
  seconds: number;
}

const script = `
local file = assert(io.open(os.getenv("BODIES")))
local bodies = {}
for line in file:lines() do bodies[#bodies + 1] = line end
file:close()
local headers = {}
for line in os.getenv("HEADERS"):gmatch("[^\\n]+") do
  local name, value = line:match("^(.-): (.*)$")
  headers[name] = value
end
local method = os.getenv("METHOD")
local n = 0
request = function()
  n = n % #bodies + 1
  return wrk.format(method, nil, headers, bodies[n])
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\nFIGURES %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;

let hasWrk: boolean | undefined;

/** The load generator in use: "wrk" or "autocannon". */
export async function loadGenerator(): Promise<string> {
  hasWrk ??= await isInstalled("wrk");
  return hasWrk ? "wrk" : "autocannon";
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    // A program that is not there is reported by the call itself, not by its promise.
    return false;
  }
}

/** Sends requests for the given time. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  return await loadGenerator() === "wrk" ? await loadWithWrk(load) : await loadWithAutocannon(load);
}

async function loadWithWrk({ url, method = "POST", headers = {}, bodies, connections, seconds }: Load) {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-bench-" });
  try {
    await Deno.writeTextFile(join(folder, "bodies"), bodies.join("\n"));
    await Deno.writeTextFile(join(folder, "script.lua"), script);
    const sent = { "Content-Type": "application/json", ...headers };
    const { stdout } = await new Deno.Command("wrk", {
      args: ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", join(folder, "script.lua"), url],
      env: {
        BODIES: join(folder, "bodies"),
        HEADERS: Object.entries(sent).map(([name, value]) => `${name}: ${value}`).join("\n"),
        METHOD: method,
      },
    }).output();
    const text = new TextDecoder().decode(stdout);
    const figures = text.match(/FIGURES (\S+) (\S+) (\S+) (\d+)/);
    if (!figures) throw new Error(`wrk printed: ${text}`);
    const [requestsPerSecond, p50, p99, failed] = figures.slice(1).map(Number);
    return { requestsPerSecond, p50, p99, failed };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function loadWithAutocannon(
  { url, method = "POST", headers = {}, bodies, connections, seconds }: Load,
) {
  const { default: autocannon } = await import("autocannon");
  // Each connection sends its own part of the bodies.
  const share = Math.ceil(bodies.length / connections);
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    setupClient(client: { setRequests(requests: unknown[]): void }) {
      const part = bodies.slice(next * share, ++next * share);
      client.setRequests(part.map((body) => ({
        method,
        headers: { "content-type": "application/json", ...headers },
        body,
      })));
    },
  } as never) as unknown as {
    requests: { average: number };
    latency: { p50: number; p99: number };
    non2xx: number;
    errors: number;
  };
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}
