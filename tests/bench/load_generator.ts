// Sends load to a server from another process, with wrk if it is installed, otherwise with autocannon. Requests cycle
// through a list.
import { join } from "node:path";

export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Responses other than 2xx, and requests without a response. */
  failed: number;
}

/** What one request of a load has of its own. */
export interface LoadRequest {
  /** Replaces the path of the load's URL. */
  path?: string;
  body?: string;
  /** The bearer token. */
  token?: string;
}

export interface Load {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  requests: LoadRequest[];
  /** The index of the first one. */
  start?: number;
  /** Whether every request says in `X-Forwarded-For` that it comes from another address; they repeat after 2^20. */
  manyAddresses?: boolean;
  connections: number;
  seconds: number;
}

const script = `
local requests = {}
for line in io.lines(os.getenv("REQUESTS")) do requests[#requests + 1] = line end
local headers = {}
for line in os.getenv("HEADERS"):gmatch("[^\\n]+") do
  local name, value = line:match("^(.-): (.*)$")
  headers[name] = value
end
local method = os.getenv("METHOD")
local n = tonumber(os.getenv("START"))
local addresses = os.getenv("MANY_ADDRESSES") == "true"
local floor = math.floor
request = function()
  local path, token, body = requests[n % #requests + 1]:match("^([^\\t]*)\\t([^\\t]*)\\t(.*)$")
  n = n + 1
  if token ~= "" then headers["Authorization"] = "Bearer " .. token end
  if addresses then
    headers["X-Forwarded-For"] = "10." .. floor(n / 65536) % 16 .. "." .. floor(n / 256) % 256 .. "." .. n % 256
  end
  return wrk.format(method, path ~= "" and path or nil, headers, body ~= "" and body or nil)
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\nFIGURES %d %f %f %f %d\\n", summary.requests, summary.requests / summary.duration * 1e6,
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

function headersOf({ headers, requests }: Load): Record<string, string> {
  return requests[0].body === undefined ? { ...headers } : { "Content-Type": "application/json", ...headers };
}

async function loadWithWrk(load: Load): Promise<LoadResult> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-bench-" });
  try {
    const files = { requests: join(folder, "requests"), script: join(folder, "script.lua") };
    await writeRequests(files.requests, load.requests);
    await Deno.writeTextFile(files.script, script);
    const { stdout } = await new Deno.Command("wrk", {
      args: [
        ...[
          "-t1",
          `-c${load.connections}`,
          `-d${load.seconds}s`,
          "--timeout",
          "10s",
          "--latency",
          "-s",
          files.script,
          load.url,
        ],
      ],
      env: {
        REQUESTS: files.requests,
        HEADERS: Object.entries(headersOf(load)).map(([name, value]) => `${name}: ${value}`).join("\n"),
        METHOD: load.method ?? "POST",
        START: String(load.start ?? 0),
        MANY_ADDRESSES: String(load.manyAddresses ?? false),
      },
    }).output();
    const text = new TextDecoder().decode(stdout);
    const figures = text.match(/FIGURES (\d+) (\S+) (\S+) (\S+) (\d+)/);
    if (!figures) throw new Error(`wrk printed: ${text}`);
    const [requests, requestsPerSecond, p50, p99, failed] = figures.slice(1).map(Number);
    return { requests, requestsPerSecond, p50, p99, failed };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes a line for each request. */
async function writeRequests(path: string, requests: LoadRequest[]): Promise<void> {
  const file = await Deno.open(path, { write: true, create: true });
  const encoder = new TextEncoder();
  for (let done = 0; done < requests.length; done += 10_000) {
    const lines = requests.slice(done, done + 10_000).map(({ path = "", token = "", body = "" }) =>
      `${path}\t${token}\t${body}\n`
    );
    const bytes = encoder.encode(lines.join(""));
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
  file.close();
}

async function loadWithAutocannon(load: Load): Promise<LoadResult> {
  const { default: autocannon } = await import("autocannon");
  const { requests, connections, start = 0 } = load;
  // Each connection sends its own part of the requests.
  const share = Math.ceil(requests.length / connections);
  const headers = headersOf(load);
  let connection = 0;
  const result = await autocannon({
    url: load.url,
    connections,
    duration: load.seconds,
    setupClient(client: { setRequests(requests: unknown[]): void }) {
      const first = start + share * connection++;
      client.setRequests(Array.from({ length: share }, (_, n) => {
        const { path, body, token } = requests[(first + n) % requests.length];
        const address = first + n;
        return {
          method: load.method ?? "POST",
          ...(path ? { path } : {}),
          headers: {
            ...headers,
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(load.manyAddresses
              ? {
                "x-forwarded-for": `10.${(address >> 16) % 16}.${(address >> 8) % 256}.${address % 256}`,
              }
              : {}),
          },
          body,
        };
      }));
    },
  } as never) as unknown as {
    requests: { average: number; total: number };
    latency: { p50: number; p99: number };
    non2xx: number;
    errors: number;
  };
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}
