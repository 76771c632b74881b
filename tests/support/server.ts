// A real server on a free port with its own database, for tests over HTTP.
import { complete, type Config, readEnvironment } from "../../server/config.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import type { Context } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { openLog } from "../../server/request/log.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { listEndpoints } from "../../server/app.ts";
import { type RunningServer, startServer } from "../../server/serve.ts";
import { cloneStores, type TestStores } from "./database.ts";
import { checkAnswersOf } from "./declared_answers.ts";
import { testSecrets } from "./secrets.ts";
import { stopAtEnd } from "./test.ts";

export interface Reply {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any
  body: any;
}

export interface TestServer extends TestStores {
  url: string;
  server: RunningServer;
  config: Config;
  /** Everything the server logged so far. */
  logged(): string;
  apiKey: string;
  /** Creates a system context at the current or the given time. */
  ctx(now?: Date): Promise<Context>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Posts JSON with the API key. Headers are added; `null` removes one. */
  post(path: string, body: unknown, headers?: Record<string, string | null>): Promise<Reply>;
  /** Like `post`, with any method. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string | null>): Promise<Reply>;
  stop(): Promise<void>;
}

/** Defaults of the tests: no rate limits, and long timeouts, because the machine may be busy. */
const unlimited = {
  RATE_LIMIT_PUBLIC: "off",
  RATE_LIMIT_HEARTBEAT: "off",
  RATE_LIMIT_AUTH: "off",
  RATE_LIMIT_LICENSE: "off",
  RATE_LIMIT_DEVICE: "off",
  RATE_LIMIT_ADMIN: "off",
  RATE_LIMIT_FAILURES: "off",
  REDIS_TIMEOUT_MS: "30000",
  DATABASE_TIMEOUT_MS: "30000",
};

/**
 * Starts a server.
 *
 * @param variables environment variables
 * @param stores stores of another server that this one shares
 */
export async function startTestServer(
  variables: Record<string, string> = {},
  stores?: TestStores,
): Promise<TestServer> {
  const own = stores ?? await cloneStores();
  const environment = readEnvironment({ HOST: "127.0.0.1", PORT: "0", ...unlimited, ...variables });
  const config: Config = complete({
    ...environment,
    DATABASE_URL: own.databaseUrl,
    REDIS_URL: variables.REDIS_URL ?? own.redisUrl,
    ...testSecrets,
  });
  let lines = "";
  const log = openLog(config.LOG_LEVEL, (written) => lines += written);
  const server = await startServer(config, log, { grace: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const ctx = (now = new Date()) => systemContext(own.db, "tests", now, createCipher(config.ENCRYPTION_KEY));
  const { key: apiKey } = await createApiKey(await ctx(), { name: "tests", productId: null });

  const check = checkAnswersOf(listEndpoints(server.services, config));
  async function sendRequest(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(url + path, init);
    const reply = await readReply(response);
    if (!response.redirected) check(init.method ?? "GET", url + path, reply);
    return reply;
  }

  async function send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string | null> = {},
  ): Promise<Reply> {
    const sent = new Headers({ "content-type": "application/json", "x-api-key": apiKey });
    for (const [name, value] of Object.entries(headers)) {
      value === null ? sent.delete(name) : sent.set(name, value);
    }
    const content = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    return await sendRequest(path, { method, body: content as BodyInit, headers: sent });
  }

  return {
    ...own,
    url,
    server,
    config,
    logged: () => {
      log.flush();
      return lines;
    },
    apiKey,
    ctx,
    async get(path, headers = {}) {
      return await sendRequest(path, { headers: { "x-api-key": apiKey, ...headers } });
    },
    post: (path, body, headers) => send("POST", path, body, headers),
    send,
    stop: stopAtEnd(async () => {
      await server.stop();
      if (!stores) await own.db.end();
    }),
  };
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
