// A free TCP port on 127.0.0.1. Nothing keeps it free until it is used: whoever binds it may find it taken and must
// be ready to ask again.

export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
