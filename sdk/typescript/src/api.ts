// Calls to the License API: repeated where that helps, one idempotency key for each action, refusals as errors.
import { toHex } from "./encoding.ts";
import {
  type Clock,
  fractionOf,
  type RandomBytes,
  type Transport,
  type TransportResponse,
} from "./environment.ts";
import { LatchkeyError } from "./errors.ts";
import { defaultRetryPolicy, delayBeforeRetry, readRetryAfter, type RetryPolicy } from "./retry.ts";

export interface ApiOptions {
  url: string;
  apiKey: string;
  transport: Transport;
  clock: Clock;
  random: RandomBytes;
  /** Seconds until a request is ended. */
  timeout: number;
  retries?: Partial<RetryPolicy>;
}

export type Body = Record<string, unknown>;

/** An answer of more bytes than this is none of the server's; characters. */
const MAX_ANSWER = 4_194_304;

export class Api {
  readonly #options: ApiOptions;
  readonly #ended = new Set<() => void>();
  #isClosed = false;
  /** How often it was closed: a call that was begun before is not repeated. */
  #closings = 0;

  constructor(options: ApiOptions) {
    this.#options = { ...options, url: options.url.replace(/\/+$/, "") };
  }

  /**
   * Posts JSON and returns the answer's. Members that are undefined are not sent.
   *
   * @param changes whether the call changes something, so that it is sent with an idempotency key
   * @throws LatchkeyError
   */
  async post(
    path: string,
    body: Body,
    { changes = true, attempts }: { changes?: boolean; attempts?: number } = {},
  ) {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (changes) headers["idempotency-key"] = toHex(this.#options.random(16));
    const request = { method: "POST", headers, body: JSON.stringify(body) };
    return asObject(await this.#send(path, request, attempts));
  }

  /** Gets JSON. @throws LatchkeyError */
  async get(path: string, query: Record<string, string> = {}): Promise<Body> {
    const address = `${path}?${new URLSearchParams(query)}`;
    return asObject(await this.#send(address, { method: "GET", headers: {} }));
  }

  /** Gets a text from an address of the server, without the API key. @throws LatchkeyError */
  async getText(url: string): Promise<string> {
    if (!/^https?:\/\//.test(url)) {
      throw new LatchkeyError({ code: "NETWORK_ERROR", message: "The address is none of the web." });
    }
    return (await this.#send(url, { method: "GET", headers: {} }, 1)).text;
  }

  open(): void {
    this.#isClosed = false;
  }

  /** Ends waiting calls; others fail at once until it is opened. */
  close(): void {
    this.#isClosed = true;
    this.#closings++;
    for (const end of this.#ended) end();
  }

  async #send(
    path: string,
    request: { method: string; headers: Record<string, string>; body?: string },
    attempts?: number,
  ): Promise<{ status: number; text: string }> {
    const { clock, random, retries } = this.#options;
    const policy = { ...defaultRetryPolicy, ...retries, ...attempts === undefined ? {} : { attempts } };
    const closings = this.#closings;
    if (this.#isClosed) {
      throw new LatchkeyError({ code: "NETWORK_ERROR", message: "The client was stopped." });
    }
    for (let attempt = 1;; attempt++) {
      const { status, retryAfter, error, text } = await this.#attempt(path, request);
      if (!error) return { status, text };
      const now = clock.now() / 1000;
      const delay = delayBeforeRetry({ status, retryAfter }, attempt, fractionOf(random), now, policy);
      if (delay === null || this.#closings !== closings) throw error;
      await this.#wait(delay * 1000);
      if (this.#closings !== closings) throw error;
    }
  }

  async #attempt(path: string, request: { method: string; headers: Record<string, string>; body?: string }) {
    const { url, apiKey, transport, clock, timeout } = this.#options;
    const ending = new AbortController();
    const cancel = clock.after(timeout * 1000, () => ending.abort(new Error("The request took too long.")));
    this.#ended.add(abort);
    function abort() {
      ending.abort(new Error("The client was stopped."));
    }
    try {
      const isForeign = /^https?:/.test(path);
      const headers = isForeign ? request.headers : { ...request.headers, "x-api-key": apiKey };
      const sent = { ...request, headers, signal: ending.signal };
      const ended = new Promise<never>((_, reject) =>
        ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true })
      );
      const answer = (async () => {
        const response = await transport(isForeign ? path : url + path, sent);
        return { response, text: await response.text() };
      })();
      answer.catch(() => {});
      ended.catch(() => {});
      const { response, text } = await Promise.race([answer, ended]);
      if (text.length > MAX_ANSWER) throw new Error("The answer is too large.");
      const retryAfter = response.headers.get("retry-after");
      const isGood = response.status >= 200 && response.status < 300;
      return {
        status: response.status,
        retryAfter,
        text,
        error: isGood ? null : refusalOf(response, text, clock),
      };
    } catch (cause) {
      const message = "The license server was not reached.";
      return {
        status: 0,
        retryAfter: null,
        text: "",
        error: new LatchkeyError({ code: "NETWORK_ERROR", message, cause }),
      };
    } finally {
      cancel();
      this.#ended.delete(abort);
    }
  }

  async #wait(delay: number): Promise<void> {
    const { clock } = this.#options;
    let end = () => {};
    await new Promise<void>((resolve) => {
      const cancel = clock.after(delay, resolve);
      end = () => {
        cancel();
        resolve();
      };
      this.#ended.add(end);
    });
    this.#ended.delete(end);
  }
}

/** The error of a refusal; of an answer that is no error of the server, such as that of a proxy, by its status. */
function refusalOf({ status, headers }: TransportResponse, text: string, clock: Clock): LatchkeyError {
  let body: Body = {};
  try {
    body = JSON.parse(text) ?? {};
  } catch {
    // A page of a proxy, for one.
  }
  const error = (typeof body.error === "object" && body.error !== null ? body.error : {}) as Body;
  const details = typeof error.details === "object" && error.details !== null ? error.details as Body : {};
  return new LatchkeyError({
    code: typeof error.code === "string" ? error.code : `HTTP_${status}`,
    message: typeof error.message === "string"
      ? error.message
      : `The server answered with the status ${status}.`,
    details,
    requestId: headers.get("x-request-id"),
    status,
    retryAfter: readRetryAfter(headers.get("retry-after"), clock.now() / 1000),
    signature: typeof body.signature === "string" ? body.signature : null,
  });
}

function asObject({ status, text }: { status: number; text: string }): Body {
  try {
    const body = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // Below.
  }
  throw new LatchkeyError({
    code: "UNTRUSTED_ANSWER",
    message:
      "The answer is not that of a license server; a proxy or a sign-in page of the network may be between.",
    status,
  });
}
