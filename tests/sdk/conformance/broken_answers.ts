// Answers that are no answers: pages of networks, redirects, broken bodies, and bodies that are too large.
import { type Handler, write } from "./between.ts";
import type { Vendor } from "./vendor.ts";

const json = { "content-type": "application/json" };

/** By name. None of them is believed. */
export function brokenAnswers({ between }: Vendor): Record<string, Handler> {
  const text = (text: string, status = 200): Handler => (_, response) => write(response, { status, text });
  const real = async (sent: Parameters<Handler>[0]) => (await between.forward(sent)).text;
  return {
    "a page of a network": (_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><h1>Sign in</h1>"),
    "a page that says it is JSON": text("<!doctype html><h1>Sign in</h1>"),
    "an empty answer": text(""),
    "204": (_, response) => response.writeHead(204).end(),
    "null": text("null"),
    "a list": text("[]"),
    "a number": text("7"),
    "a text": text('"VALID"'),
    "half of an object": text('{"valid":true,'),
    "lists in lists": text("[".repeat(200_000)),
    "objects in objects": text('{"a":'.repeat(100_000)),
    "bytes that are no UTF-8": (_, response) =>
      response.writeHead(200, json).end(new Uint8Array([0xff, 0xfe, 0x00, 0xd8])),
    "zeros": text("\0".repeat(1000)),
    "a cut body": async (sent, response) => {
      const body = await real(sent);
      response.writeHead(200, { ...json, "content-length": String(body.length) });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
    },
    "a body that is shorter than it says": async (sent, response) => {
      const body = await real(sent);
      response.writeHead(200, { ...json, "content-length": String(body.length + 1000) });
      response.write(body.slice(0, -1), () => setTimeout(() => response.destroy(), 50));
    },
    "a body that is longer than it says": async (sent, response) => {
      const body = await real(sent);
      const { socket } = response;
      socket!.end(
        `HTTP/1.1 200 OK\r\ncontent-length: ${body.length >> 1}\r\nconnection: close\r\n\r\n${body}`,
      );
    },
    "a chunk of another size": (_, response) => {
      response.socket!.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n{}\r\n0\r\n\r\n");
    },
    "no HTTP": (_, response) => response.socket!.end("SSH-2.0-OpenSSH_9.2\r\n"),
    "a header that does not end": (_, response) =>
      response.socket!.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(300_000)}`),
    "a body of 10 MB": async (sent, response) =>
      write(response, { text: (await real(sent)).replace("{", `{"padding":"${"x".repeat(10_000_000)}",`) }),
    "a redirect to itself": (sent, response) => response.writeHead(307, { location: sent.path }).end(),
  };
}
