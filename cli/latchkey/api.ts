// Calls of a server as a signed-in administrator. Answers that a later attempt may change are waited for; every other refusal
// is an error with what to do next.
import { canAsk, readPassword } from "./ask.ts";
import type { Options } from "./define.ts";
import { environment } from "./environment.ts";
import { CommandError } from "./exit_codes.ts";
import { refusalOf, send } from "./http.ts";
import { readSessions } from "./session_file.ts";
import { normalizeUrl, signIn } from "./sign_in.ts";
import { say } from "./terminal.ts";

// deno-lint-ignore no-explicit-any
export type Json = any;

export interface Call {
  query?: Record<string, unknown>;
  body?: unknown;
  /** A file in place of JSON. */
  form?: FormData;
  headers?: Record<string, string>;
}

export interface Api {
  url: string;
  /** Calls and reads the JSON of the answer. */
  call(method: string, path: string, call?: Call): Promise<Json>;
  /** Calls and leaves the body to the caller. */
  open(method: string, path: string, call?: Call): Promise<Response>;
}

/** Attempts at a call that finds the server overloaded or limiting. */
const ATTEMPTS = 4;
/** The longest wait for one; seconds. */
const LONGEST_WAIT = 60;

/**
 * The server that the options, the environment or the last sign-in name.
 *
 * @throws CommandError when none is named, or no one is signed in there
 */
export async function connect(options: Pick<Options, "url">): Promise<Api> {
  const { LATCHKEY_URL, LATCHKEY_TOKEN } = environment;
  const sessions = LATCHKEY_TOKEN ? null : await readSessions();
  const named = options.url ?? LATCHKEY_URL ?? sessions?.current;
  if (!named) {
    throw new CommandError("notSignedIn", "No server is named.", "latchkey sign-in --url https://…");
  }
  const url = normalizeUrl(named);
  const session = sessions?.servers[url];
  const token = LATCHKEY_TOKEN ?? session?.token;
  if (!token) {
    throw new CommandError(
      "notSignedIn",
      `You are not signed in to ${url}.`,
      `latchkey sign-in --url ${url}`,
    );
  }
  return createApi(url, token, session?.email ?? null);
}

/** @param email who may sign in again at the terminal; null: no one */
function createApi(url: string, firstToken: string, email: string | null): Api {
  let token = firstToken;

  async function open(method: string, path: string, call: Call = {}): Promise<Response> {
    const query = new URLSearchParams(
      Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined && value !== null)
        .map(([name, value]) => [name, String(value)]),
    );
    // One for all attempts at this call, so that it takes effect once.
    const key = crypto.randomUUID();
    for (let attempt = 1, hasAsked = false;; attempt++) {
      const response = await send(`${url}${path}${query.size > 0 ? `?${query}` : ""}`, {
        method,
        headers: {
          accept: "application/json",
          authorization: `Bearer ${token}`,
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
          ...(method === "GET" ? {} : { "idempotency-key": key }),
          ...call.headers,
        },
        body: call.form ?? (call.body === undefined ? undefined : JSON.stringify(call.body)),
      });
      if (response.ok) return response;
      const wait = Number(response.headers.get("retry-after") ?? 2 ** attempt);
      if ([429, 503].includes(response.status) && attempt < ATTEMPTS && wait <= LONGEST_WAIT) {
        await response.body?.cancel();
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
        continue;
      }
      const error = await refusalOf(response, url);
      const isAsked = error.facts.code === "REAUTHENTICATION_REQUIRED" || response.status === 401;
      if (!isAsked || hasAsked || email === null || !canAsk()) throw error;
      hasAsked = true;
      await say(error.message);
      token = (await signIn({ url, email, password: await readPassword(`Password of ${email}`) })).token;
    }
  }

  return {
    url,
    open,
    async call(method, path, call) {
      const response = await open(method, path, call);
      return response.status === 204 ? null : await response.json();
    },
  };
}
