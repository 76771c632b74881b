// HTTP itself, on both listeners: trailing and doubled slashes, compressed bodies, methods, and clients that leave.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { listEndpoints } from "../../server/app.ts";
import type { Endpoint } from "../../server/request/endpoint.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { type Reply, startTestServer, type TestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const servers: TestServer[] = [
  await startTestServer({ LISTENER: "node" }),
  await startTestServer({ LISTENER: "deno" }),
];
const [server] = servers;
const endpoints = listEndpoints(server.server.services, server.config);
const pathOf = ({ path }: Endpoint) => path.replace(/\{\w+\}/g, "1");

interface RawReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends a request that `fetch` does not: any method and path. */
function send(url: string, head: string, body = ""): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head}\r\nHost: localhost\r\nConnection: close\r\n\r\n${body}`);
    });
    socket.on("data", (data) => text += data);
    socket.on("error", reject);
    socket.on("close", () => {
      const [first, ...lines] = text.split("\r\n\r\n")[0].split("\r\n");
      resolve({
        status: Number(first.split(" ")[1]),
        headers: Object.fromEntries(
          lines.map((line) => [line.split(":")[0].toLowerCase(), line.split(": ")[1]]),
        ),
        body: text.slice(text.indexOf("\r\n\r\n") + 4),
      });
    });
  });
}

async function statusOf(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(server.url + path, { method, redirect: "manual", ...init });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
}

test("a trailing slash is ignored at every endpoint, with every method", async () => {
  for (const endpoint of endpoints) {
    const path = pathOf(endpoint);
    if (path === "/") continue;
    const bare = path.replace(/\/$/, "");
    for (const method of new Set([endpoint.method.toUpperCase(), "PUT"])) {
      const [without, with_] = [await statusOf(method, bare), await statusOf(method, `${bare}/`)];
      assert.equal(with_.status, without.status, `${method} ${bare}/`);
      assert.equal(with_.headers.get("allow"), without.headers.get("allow"), `${method} ${bare}/`);
      const isFound = without.status !== 404 || /This link is not valid|"subject":/.test(without.text);
      assert.ok(isFound, `${method} ${bare}: ${without.text}`);
    }
  }
});

test("a trailing slash is ignored by pages, procedures, the queue dashboard and the panel", async () => {
  const browser = { headers: { accept: "text/html" } };
  for (const path of ["/dashboard", "/licenses/5", "/leads", "/leads/create", "/customer/edit/1", "/docs"]) {
    const [without, with_] = [
      await statusOf("GET", path, browser),
      await statusOf("GET", `${path}/`, browser),
    ];
    assert.deepEqual([with_.status, with_.text], [without.status, without.text], path);
    assert.equal(without.status, 200, path);
  }
  for (const path of ["/leads/create/", "/leads/edit/5/", "/license/edit/5/"]) {
    assert.equal((await statusOf("GET", path)).status, 200, path);
  }
  for (const path of ["/trpc/customers.list", "/admin/queues", "/admin/queues/api/queues"]) {
    assert.equal((await statusOf("GET", `${path}/`)).status, 401, path);
  }
});

test("a doubled slash makes an address that is not found", async () => {
  const browser = { headers: { accept: "text/html" } };
  for (
    const path of [
      "/api//license/verify",
      "//api/license/verify",
      "/api/license//verify",
      "/api/license/verify//",
      "/api/v2//auth/login",
      "/trpc//customers.list",
      "/trpc/customers.list//",
      "/admin//queues",
      "/admin/queues//api/queues",
      "/account//sign-in",
      "//dashboard",
      "/leads//create",
      "/license/edit/5//",
      "/assets//index.js",
      "/docs//start.js",
    ]
  ) {
    for (const method of ["GET", "POST"]) {
      assert.equal((await statusOf(method, path)).status, 404, `${method} ${path}`);
      assert.equal((await statusOf(method, path, browser)).status, 404, `${method} ${path} by a browser`);
    }
  }
  const upload = JSON.parse((await statusOf("POST", "/api/v2//auth/login")).text);
  assert.deepEqual(upload, { error: "Not found" }, "in the form of the dialect");
});

test("a compressed body is refused before it is read, in the form of the dialect", async () => {
  const { token } = await makeAdministrator(server, "owner");
  const admin = { authorization: `Bearer ${token}` };
  for (
    const [path, headers, codeOf] of [
      ["/api/license/verify", {}, (body) => body.error.code],
      ["/api/v2/auth/login", {}, (body) => body.error],
      ["/api/admin/login", {}, (body) => body.error.code],
      ["/leads/import", admin, (body) => body.error.code],
      ["/trpc/account.signIn", {}, (body) => body.error.data.code],
    ] as [string, Record<string, string>, (body: Reply["body"]) => string][]
  ) {
    for (const encoding of ["gzip", "br", "deflate", "zstd", "identity, gzip", "x", "GZIP"]) {
      const reply = await server.post(path, "{}", { ...headers, "content-encoding": encoding });
      assert.equal(reply.status, 415, `${path} ${encoding}: ${JSON.stringify(reply.body)}`);
      assert.equal(reply.headers.get("accept-encoding"), "identity");
      assert.match(codeOf(reply.body), /^CONTENT_ENCODING_UNSUPPORTED$|^The body must not be compressed/);
    }
    for (const encoding of ["identity", "Identity", ""]) {
      assert.notEqual(
        (await server.post(path, "{}", { ...headers, "content-encoding": encoding })).status,
        415,
      );
    }
  }
  const endless = await send(
    server.url,
    `POST /api/license/verify HTTP/1.1\r\nX-API-Key: ${server.apiKey}\r\nContent-Encoding: gzip\r\nContent-Length: 900000`,
  );
  assert.equal(endless.status, 415);
});

for (const at of servers) {
  const { LISTENER: listener } = at.config;

  test(`the ${listener} listener answers every method, and HEAD and OPTIONS as HTTP says`, async () => {
    for (const method of ["PUT", "TRACE", "PATCH", "PROPFIND", "FOO", "OPTIONS", "HEAD", "QUERY"]) {
      const { status, headers } = await send(at.url, `${method} /api/admin/login HTTP/1.1`);
      // A method that the parser of node:http does not know is a malformed request.
      assert.ok(status === 405 || (method === "FOO" && status === 400), `${method}: ${status}`);
      if (status === 405) assert.equal(headers.allow, "POST", method);
    }
    assert.equal(
      (await send(at.url, "POST /health HTTP/1.1\r\nContent-Length: 0")).headers.allow,
      "GET, HEAD",
    );
    const head = await send(at.url, "HEAD /health HTTP/1.1");
    assert.deepEqual([head.status, head.body], [200, ""]);
    assert.equal((await send(at.url, "HEAD /api/license/verify HTTP/1.1")).status, 405);
    for (
      const target of [
        "*",
        "http://localhost/health",
        "/%00",
        "/%ff",
        "/a%2f%2fb",
        "/..%2f..%2fetc",
        "/?" + "x".repeat(5000),
      ]
    ) {
      for (const method of ["OPTIONS", "GET", "POST"]) {
        const { status } = await send(at.url, `${method} ${target} HTTP/1.1\r\nContent-Length: 0`);
        assert.ok(status < 500, `${method} ${target}: ${status}`);
      }
    }
    assert.equal((await fetch(`${at.url}/health`)).status, 200);
  });

  test(`clients that leave the ${listener} listener are no error of the server`, async () => {
    const { key } = await makeLicense(await at.ctx());
    const { token } = await makeAdministrator(at, "owner");
    const { hostname, port } = new URL(at.url);
    const before = at.logged().length;
    const json = JSON.stringify({ license_key: key, hardware_hash: "leaver" });
    const requests: [path: string, headers: string, body: string][] = [
      ["/api/license/verify", `X-API-Key: ${at.apiKey}`, json],
      ["/api/v2/auth/login", "", JSON.stringify({ email: "a@example.com", password: "wrong password" })],
      ["/trpc/account.signIn", "", JSON.stringify({ email: "a@example.com", password: "wrong password" })],
      [
        "/leads/import",
        `Authorization: Bearer ${token}\r\nX-Kind: csv`,
        "name,city\n" + "Somewhere,Here\n".repeat(4000),
      ],
    ];
    for (const [path, headers, body] of requests) {
      for (const framing of ["length", "chunked"]) {
        const declared = framing === "length"
          ? `Content-Length: ${body.length * 2}\r\n\r\n${body}`
          : `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`;
        const type = path === "/leads/import" ? "text/csv" : "application/json";
        await new Promise<void>((resolve) => {
          const socket = connect(Number(port), hostname, () => {
            socket.write(
              `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n${headers}\r\n`.replace(
                "\r\n\r\n",
                "\r\n",
              ) + declared,
              () => setTimeout(() => (socket.resetAndDestroy(), resolve()), 20),
            );
          });
        });
      }
    }
    const lines = await eventually(() => {
      const lines = at.logged().slice(before).split("\n").filter(Boolean).map((line) => JSON.parse(line));
      const answered = lines.filter(({ message }) => message === "request");
      return Promise.resolve(answered.length >= requests.length * 2 && lines);
    });
    assert.deepEqual(lines.filter(({ level }) => level !== "info"), []);
    assert.deepEqual(
      lines.filter(({ message }) => message === "request").map(({ route, status }) => `${route} ${status}`)
        .sort(),
      requests.flatMap(([path]) => [`${path} 499`, `${path} 499`]).sort(),
    );
    const { body: metrics } = await at.get("/metrics");
    assert.doesNotMatch(metrics, /status="5\d\d"/);
    assert.equal((await at.get("/health/ready")).status, 200);
  });
}

test("the servers stop without an error", async () => {
  for (const { stop } of servers) await stop();
});
