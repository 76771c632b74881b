// A webhook receiver in a process of its own, so that its work is not counted as the worker's. It answers 204, counts the
// ids it has received and verifies the signature of one request in a hundred. `GET` tells the counts, `DELETE` forgets them.
import { Webhook } from "standardwebhooks";

const [port, secret] = Deno.args;
const webhook = secret ? new Webhook(secret) : null;
let ids = new Set<string>();
let received = 0;
let unverified = 0;

Deno.serve({ hostname: "127.0.0.1", port: Number(port), onListen: () => {} }, async (request) => {
  if (request.method === "GET") return Response.json({ received, unique: ids.size, unverified });
  if (request.method === "DELETE") {
    [ids, received, unverified] = [new Set(), 0, 0];
    return new Response();
  }
  const body = await request.text();
  const id = request.headers.get("webhook-id") ?? "";
  ids.add(id);
  if (++received % 100 === 0 && webhook) {
    try {
      webhook.verify(body, Object.fromEntries(request.headers));
    } catch {
      unverified++;
    }
  }
  return new Response(null, { status: 204 });
});
