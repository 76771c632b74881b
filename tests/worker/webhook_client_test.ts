// The webhook client: which addresses it refuses and how it reuses connections, which are counted at a real listener.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { isAllowed, readNetworks, readWebhookUrl } from "../../server/domain/webhooks/address.ts";
import { createWebhookClient } from "../../worker/webhook_client.ts";
import { startReceiver } from "../support/receiver.ts";
import { test } from "../support/test.ts";

let connections = 0;
const listener = createServer((socket) => {
  connections++;
  socket.destroy();
});
await new Promise<void>((resolve) => listener.listen(0, "::", resolve));
const { port } = listener.address() as AddressInfo;

/** Spellings of addresses that are not public. */
const hosts = [
  ...["127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1"],
  ...[
    "0177.0.0.1",
    "017700000001",
    "0177.1",
    "127.0.0.1.",
    "127。0。0。1",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
  ],
  ...["0.0.0.0", "0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1"],
  ...["192.168.1.254", "169.254.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.1"],
  ...[
    "192.0.2.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
  ],
  ...["240.0.0.1", "255.255.255.255", "localhost", "LOCALHOST", "localhost."],
  ...["[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]"],
  ...[
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::]",
  ],
  ...["[2001::1]", "[2001:db8::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd12:3456::1]"],
  ...["[ff02::1]", "[100::1]", "[3fff::1]", "[5f00::1]"],
];

test("sixty spellings of private addresses are refused without a connection", async () => {
  assert.ok(hosts.length >= 60, String(hosts.length));
  const client = createWebhookClient([], 3000);
  const sent = await Promise.all(hosts.map(async (host) => {
    const ended = await client.post({ url: `http://${host}:${port}/`, headers: {}, body: "{}" });
    return [host, "error" in ended ? ended.error : ended.status];
  }));
  client.close();
  // Some names of the local host do not resolve on every machine.
  const refused =
    /^The endpoint has a private address, which is not allowed$|^The name .* cannot be resolved$/;
  assert.deepEqual(sent.filter(([, outcome]) => !refused.test(String(outcome))), []);
  assert.equal(connections, 0);
});

test("a public address is allowed, and a private one where the configuration allows it", () => {
  for (const address of ["1.1.1.1", "93.184.215.14", "2606:4700::1111"]) {
    assert.ok(isAllowed(address, []), address);
  }
  const allowed = readNetworks(["10.1.0.0/16", "127.0.0.1", "fd00::/8"]);
  for (const address of ["10.1.2.3", "127.0.0.1", "::ffff:10.1.2.3", "fd00::5"]) {
    assert.ok(isAllowed(address, allowed), address);
  }
  for (const address of ["10.2.0.1", "127.0.0.2", "fe80::1%eth0", "nonsense", ""]) {
    assert.ok(!isAllowed(address, allowed), address);
  }
  assert.throws(() => readNetworks(["10.0.0.0/40"]));
});

test("a refused endpoint URL has a reason, and no request is sent", () => {
  for (
    const [url, reason] of [
      ["nonsense", "not_a_url"],
      ["ftp://example.com/", "not_a_url"],
      ["gopher://example.com/", "not_a_url"],
      ["https://user:secret@example.com/", "credentials_in_url"],
      ["http://0x7f.1/", "address_not_allowed"],
      ["http://[::1]:8080/", "address_not_allowed"],
    ]
  ) {
    assert.throws(() => readWebhookUrl(url, []), {
      code: "INVALID_REQUEST",
      facts: { field: "url", reason },
    }, url);
  }
  assert.equal(readWebhookUrl("https://Example.com/a#part", []), "https://example.com/a");
});

test("the addresses of a host name are checked on every request", async () => {
  const receiver = await startReceiver();
  const answers = [["127.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.2"], []];
  const client = createWebhookClient(
    readNetworks(["127.0.0.1"]),
    3000,
    () => Promise.resolve(answers.shift()!),
  );
  const url = `http://changes.example:${receiver.port}/`;
  const outcomes = [];
  for (let n = 0; n < 5; n++) outcomes.push(await client.post({ url, headers: {}, body: "{}" }));
  client.close();
  assert.deepEqual(outcomes[0], { status: 204, answer: "" });
  assert.deepEqual(outcomes.slice(1).map((ended) => "error" in ended), [true, true, true, true]);
  assert.equal(receiver.received.length, 1);
  assert.equal(receiver.received[0].headers.host, `changes.example:${receiver.port}`);
  await receiver.stop();
});

test("a connection is reused, and replaced when the receiver has closed it", async () => {
  const receiver = await startReceiver((response, _received, number) => {
    response.writeHead(200).end("thanks");
    if (number === 2) response.socket!.end();
  });
  const client = createWebhookClient(readNetworks(["127.0.0.1"]));
  for (let n = 0; n < 4; n++) {
    const ended = await client.post({ url: receiver.url, headers: { "x-own": "1" }, body: '{"n":1}' });
    assert.deepEqual(ended, { status: 200, answer: "thanks" });
  }
  client.close();
  await receiver.stop();
});

test("the listener closes", () => {
  listener.close();
});
