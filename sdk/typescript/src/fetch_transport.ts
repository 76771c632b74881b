// The network by `fetch`, which Node, Deno and browsers have.
import type { Transport } from "./environment.ts";

/** A longer answer is none of the server's; bytes. */
const MAX_LENGTH = 4_194_304;

/** Sends without cookies. A call with the API key is not redirected: the key would go to another address. */
export const fetchTransport: Transport = async (url, request) => {
  const redirect = Object.hasOwn(request.headers, "x-api-key") ? "manual" : "follow";
  const response = await fetch(url, { ...request, redirect, credentials: "omit", cache: "no-store" });
  // Browsers do not tell where to.
  if (response.type === "opaqueredirect") throw new Error("The server redirects to another address.");
  const { status, headers, body } = response;
  return { status, headers, text: () => body ? readText(body) : response.text() };
};

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > MAX_LENGTH) {
      await reader.cancel();
      throw new Error("The answer is too large.");
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}
