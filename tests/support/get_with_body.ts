// A GET with a body, which the document has and `fetch` cannot send.
import { request } from "node:http";
import type { Reply, TestServer } from "./server.ts";

/** Sends it as a user with a session. */
export function getWithBody(server: TestServer, path: string, token: string, body: unknown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const content = JSON.stringify(body);
    const sent = request(`${server.url}${path}`, {
      method: "GET",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-length": content.length,
      },
    }, (incoming) => {
      let text = "";
      incoming.on("data", (chunk) => text += chunk);
      incoming.on("end", () => {
        resolve({ status: incoming.statusCode!, headers: new Headers(), body: JSON.parse(text) });
      });
    });
    sent.on("error", reject);
    sent.end(content);
  });
}
