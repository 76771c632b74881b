// A free TCP port on 127.0.0.1. It is not reserved: another process may bind it first, so the caller has to try again with
// another port when binding fails.

/** Finds a port that is free at this moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
