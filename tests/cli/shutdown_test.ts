// SIGTERM ends a server and a worker within their drain time, whatever clients, receivers, mail servers and the database
// do meanwhile. Each is a real process.
import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { freePort } from "../../db/embedded/free_port.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { createTestSession } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startReceiver } from "../support/receiver.ts";
import { testSecrets } from "../support/secrets.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";
import { queueTextMail } from "../support/text_mail.ts";

const system = await createTestSystem();
/** Long enough for a busy machine to notice the signal, short against the time-outs of clients. */
const DRAIN_TIME = 2500;

interface Program {
  url: string;
  /** The messages it has logged so far. */
  messages(): string[];
  pid: number;
  /** Ends the process alone, with SIGKILL. */
  kill(): void;
  /** Sends SIGTERM and waits for the end. */
  terminate(): Promise<{ code: number; milliseconds: number }>;
}

async function start(file: string, message: string, more: Record<string, string> = {}): Promise<Program> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", file],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: {
      HOST: "127.0.0.1",
      PORT: "0",
      DATABASE_URL: system.databaseUrl,
      REDIS_URL: system.redisUrl,
      DRAIN_TIME_MS: String(DRAIN_TIME),
      RATE_LIMIT_PUBLIC: "off",
      WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8",
      ...testSecrets,
      ...more,
    },
    stdout: "piped",
  }).spawn();
  let text = "";
  const read = (async () => {
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) text += piece;
  })();
  const line = await eventually(
    () => Promise.resolve(text.split("\n").find((line) => line.includes(`"message":"${message}"`))),
    60_000,
  );
  return {
    url: `http://127.0.0.1:${JSON.parse(line).port}`,
    messages: () => text.trim().split("\n").map((line) => JSON.parse(line).message),
    pid: child.pid,
    kill: () => child.kill("SIGKILL"),
    async terminate() {
      const began = performance.now();
      child.kill("SIGTERM");
      // A process that would not end makes the test fail and not hang.
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      const { code } = await child.status;
      await read;
      clearTimeout(timer);
      return { code, milliseconds: performance.now() - began };
    },
  };
}

/** A client: what it sends at once, whether it reads, and what it goes on sending every 50 ms. */
interface Client {
  sends: string;
  ignoresAnswer?: boolean;
  drips?: string;
}

const ctx = await system.ctx();
const { key: apiKey } = await createApiKey(ctx, { name: "tests", productId: null });
const { id } = await createAdministrator(ctx, {
  email: "owner@example.com",
  name: "Owner",
  role: "owner",
  password: "correct horse battery",
});
const { token } = await createTestSession(ctx, id);
const license = await makeLicense(ctx);
const activation = JSON.stringify({ license_key: license.key, hardware_hash: "a machine" });

const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, "Host: localhost", ...headers].join("\r\n") + "\r\n\r\n";
const apiHeaders = ["Content-Type: application/json", `X-API-Key: ${apiKey}`];
const adminHeader = `Authorization: Bearer ${token}`;
const multipart = [
  "Content-Type: multipart/form-data; boundary=x",
  "Transfer-Encoding: chunked",
  adminHeader,
];
const headerLines = `--x\r\n${"X-Line: value\r\n".repeat(5000)}`;

const clients: Record<string, Client> = {
  "a body that never ends": {
    sends: head("POST /api/license/verify", ...apiHeaders, "Content-Length: 1000000") + "{",
  },
  "a body that drips": {
    sends: head("POST /api/license/verify", ...apiHeaders, "Transfer-Encoding: chunked"),
    drips: "1\r\n \r\n",
  },
  "an upload that drips": {
    sends: head("POST /leads/import", "Content-Type: text/csv", "Transfer-Encoding: chunked", adminHeader),
    drips: "4\r\na,b\n\r\n",
  },
  "a multipart body cut off in 5,000 header lines": {
    sends: head("POST /leads/import", ...multipart) +
      `${headerLines.length.toString(16)}\r\n${headerLines}\r\n0\r\n\r\n`,
  },
  "an event stream": { sends: head("GET /trpc/events.feed?input=%7B%7D", adminHeader) },
  "an event stream that is not read": {
    sends: head("GET /trpc/events.feed?input=%7B%7D", adminHeader),
    ignoresAnswer: true,
  },
  "answers that are not read": { sends: head("GET /openapi.json").repeat(50), ignoresAnswer: true },
  "an idle connection": { sends: head("GET /health") },
  "a connection without a request": { sends: "" },
  "half of a head": { sends: "GET /health HTTP/1.1\r\nHost: loc" },
  "a head that drips": { sends: "GET /health HTTP/1.1\r\n", drips: "X-Line: value\r\n" },
  "TLS": { sends: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" },
  "HTTP/2": { sends: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
  "an activation that the database does not finish": {
    sends: head("POST /api/license/activate", ...apiHeaders, `Content-Length: ${activation.length}`) +
      activation,
  },
};

function open(url: string, { sends, ignoresAnswer, drips }: Client): Promise<() => void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket: Socket = connect(Number(port), hostname, () => {
      if (sends) socket.write(sends, "latin1");
      const timer = drips === undefined ? undefined : setInterval(() => socket.write(drips), 50);
      socket.on("close", () => clearInterval(timer));
      resolve(() => (clearInterval(timer), socket.destroy()));
    });
    // The server closes the connection in the end.
    socket.on("error", () => {});
    if (ignoresAnswer) socket.pause();
    else socket.on("data", () => {});
  });
}

/** Runs `work` while no other connection can write the table. */
async function whileLocked(table: string, work: () => Promise<void>): Promise<void> {
  const locked = await system.db.reserve();
  await locked.unsafe(`begin; lock table ${table} in exclusive mode`);
  try {
    await work();
  } finally {
    await locked.unsafe("rollback");
    locked.release();
  }
}

for (const listener of ["node", "deno"]) {
  test(`the ${listener} listener ends in its drain time whatever clients do, and says that it cut them off`, async () => {
    const server = await start("server/main.ts", "server listening", { LISTENER: listener });
    await whileLocked("activations", async () => {
      const close = await Promise.all(Object.values(clients).map((client) => open(server.url, client)));
      assert.equal((await fetch(`${server.url}/health`)).status, 200);
      const { code, milliseconds } = await server.terminate();
      for (const end of close) end();
      assert.equal(code, 3);
      assert.ok(milliseconds < DRAIN_TIME + 2000, `It took ${milliseconds} ms`);
      // The statement that waits for the lock may reach its own time limit first.
      const others = ["request", "database unavailable"];
      const messages = server.messages().filter((message) => !others.includes(message));
      assert.deepEqual(messages.slice(-2), ["requests cut off", "server stopped"]);
    });
  });

  test(`clients of the ${listener} listener that wait for nothing do not delay its end`, async () => {
    const server = await start("server/main.ts", "server listening", { LISTENER: listener });
    const idle = [
      "an event stream",
      "an idle connection",
      "a connection without a request",
      "half of a head",
    ];
    const close = await Promise.all(idle.map((name) => open(server.url, clients[name])));
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
    const { code } = await server.terminate();
    for (const end of close) end();
    assert.equal(code, 0);
  });
}

test("a worker ends in its drain time while a receiver, a mail server and a job hang", async () => {
  const receiver = await startReceiver(() => {});
  let mailConnections = 0;
  const mailServer = createServer(() => void mailConnections++);
  await new Promise<void>((resolve) => mailServer.listen(0, "127.0.0.1", resolve));
  const { port } = mailServer.address() as AddressInfo;
  await createWebhook(
    ctx,
    { url: receiver.url, description: "", eventTypes: ["license.created"], headers: {} },
    readNetworks(["127.0.0.0/8"]),
  );
  const worker = await start("worker/main.ts", "worker started", { SMTP_URL: `smtp://127.0.0.1:${port}` });
  await queueTextMail(ctx, {
    to: "someone@example.com",
    subject: "A mail",
    text: "that is never taken",
    until: new Date(Date.now() + 3_600_000),
  });
  await makeLicense(await system.ctx());
  await receiver.arrived(1, 20_000);
  await eventually(() => Promise.resolve(mailConnections > 0), 20_000);
  await whileLocked("events", async () => {
    const { code, milliseconds } = await worker.terminate();
    assert.equal(code, 3);
    assert.ok(milliseconds < DRAIN_TIME + 2000, `It took ${milliseconds} ms`);
  });
  await receiver.stop();
  mailServer.close();
});

test("a worker without a running job ends with 0", async () => {
  const worker = await start("worker/main.ts", "worker started");
  assert.equal((await worker.terminate()).code, 0);
});

test("servers that share a port end with the process that started them, however it ended", async () => {
  const PORT = String(freePort());
  const server = await start("server/main.ts", "server listening", { PROCESSES: "2", PORT });
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  // Of its own; the rest is Deno's program, which is in memory once for all processes. The server has 100 MB.
  if (Deno.build.os === "linux") {
    const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
    const own = Number(status.match(/RssAnon:\s+(\d+)/)![1]) / 1024;
    assert.ok(own < 25, `The parent holds ${own} MiB`);
  }
  server.kill();
  await eventually(() => fetch(server.url).then((response) => response.body?.cancel(), () => true), 20_000);
});

test("a parent of several servers ends with the exit code of their check, which prints what is wrong once", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "server/main.ts"],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { ...testSecrets, DATABASE_URL: system.databaseUrl, REDIS_URL: "no address", PROCESSES: "2" },
  }).output();
  assert.equal(code, 1);
  assert.match(
    new TextDecoder().decode(stderr),
    /^These settings are wrong:\n {2}REDIS_URL: must be redis:\/\/[^\n]*\n$/,
  );
});
