// A network between a program and PostgreSQL, which can be cut.
import { connect as openSocket, createServer, type Socket } from "node:net";

/** A network on the way to a database. */
export async function startNetwork(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const open = new Set<Socket>();
  let isUp = true;
  let refused = 0;
  const network = createServer((client) => {
    if (!isUp) refused++;
    if (!isUp) return void client.destroy();
    const server = openSocket(Number(port), hostname);
    for (const [from, to] of [[client, server], [server, client]]) {
      open.add(from);
      from.on("error", () => {});
      from.on("close", () => (open.delete(from), to.destroy()));
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => network.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(network.address() as { port: number }).port}`;
  return {
    url: url.href,
    /** How many connections were closed at once. */
    refused: () => refused,
    cut() {
      isUp = false;
      for (const socket of open) socket.destroy();
    },
    restore: () => void (isUp = true),
    /** Lets nothing pass, in either direction, without closing a connection. */
    hang: () => open.forEach((socket) => socket.pause()),
    close() {
      this.cut();
      network.close();
    },
  };
}
