// Requests as a proxy sends them: on connections that it keeps, or on a new one each; with bodies that arrive slowly. Nothing
// is repeated, so that every connection a server drops is a failed request. `fetch` may repeat.
import { Agent, request } from "node:http";

/** How long an unused connection is kept, below what servers announce; milliseconds. */
const IDLE = 30_000;
/** How long a slow body takes; milliseconds. */
const SLOW = 500;

export interface HttpClient {
  post(
    url: string,
    headers: Record<string, string>,
    body: string,
    how: { isKept: boolean; isSlow: boolean },
  ): Promise<Response>;
  close(): void;
}

export function createHttpClient(): HttpClient {
  const kept = new Agent({ keepAlive: true, timeout: IDLE });
  const single = new Agent({ keepAlive: false });
  return {
    post: (url, headers, body, { isKept, isSlow }) =>
      new Promise((resolve, reject) => {
        const sent = request(url, {
          method: "POST",
          headers: { ...headers, "Content-Length": String(body.length) },
          agent: isKept ? kept : single,
        }, (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (piece: string) => text += piece);
          answer.on("end", () => resolve(new Response(text, { status: answer.statusCode })));
          answer.on("error", reject);
        });
        sent.on("error", reject);
        if (!isSlow) return void sent.end(body);
        const half = body.length / 2;
        sent.write(body.slice(0, half));
        setTimeout(() => sent.end(body.slice(half)), SLOW);
      }),
    close() {
      kept.destroy();
      single.destroy();
    },
  };
}
