// No spelling of a private address, no name that changes and no redirect leads a webhook into the private network.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhookClient } from "../../../worker/webhook_client.ts";
import { startReceiver } from "../../support/receiver.ts";
import type { TortureRow } from "../row.ts";

/** Addresses that a name may resolve to in order to reach a private one. */
const privateAddresses = [
  ...["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
  ...["::1", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fc00::1", "ff02::1"],
];
const spellings = [
  ...["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.0.0.1.", "127。0。0。1"],
  ...["①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "0", "localhost", "localhost.", "[::1]", "[::]", "[::ffff:7f00:1]"],
  ...[
    "10.0.0.1",
    "192.168.1.1",
    "172.31.255.255",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "017700000001",
  ],
  ...["127.255.255.254", "0177.1", "[fe80::1]", "[fd12::1]", "[fc00::1]", "[2002:7f00:1::]"],
  ...["[64:ff9b::127.0.0.1]", "[::ffff:0:127.0.0.1]"],
];

export const row: TortureRow = {
  fault: "webhook addresses: 60 ways to write a private one, names that change their address, redirects",
  reach: "0 connections",
  coveredBy: ["tests/worker/webhook_client_test.ts"],
  async run() {
    let connections = 0;
    const listener = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, "::", resolve));
    const { port } = listener.address() as AddressInfo;
    const redirecting = await startReceiver((response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
    });
    const post = async (url: string, names: string[] | null, allowed: string[] = []) => {
      const resolve = names === null ? undefined : () => Promise.resolve(names);
      const client = createWebhookClient(readNetworks(allowed), 3000, resolve);
      const result = await client.post({ url, headers: {}, body: "{}" });
      client.close();
      return "error" in result ? "no answer" : String(result.status);
    };
    const outcomes = await Promise.all([
      ...spellings.map((host) => post(`http://${host}:${port}/`, null)),
      ...privateAddresses.map((address) => post(`http://changes.example:${port}/`, [address])),
      ...privateAddresses.map((address) => post(`http://changes.example:${port}/`, ["1.1.1.1", address])),
    ]);
    const redirected = await post(redirecting.url, null, ["127.0.0.1"]);
    await redirecting.stop();
    listener.close();
    return {
      held: connections === 0 && outcomes.every((outcome) => outcome === "no answer") && redirected === "307",
      figures: { addresses: outcomes.length, connections, "answer to a redirect": redirected },
    };
  },
};
