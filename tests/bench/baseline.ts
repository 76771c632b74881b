// The baseline of the benchmarks in a separate process: the same framework on the same listener, with a constant
// response, one select, or one insert for each POST.
import { Hono } from "hono";
import { connect } from "../../db/connect.ts";
import { listenDeno, listenNode } from "../../server/request/listener.ts";
import type { Peer } from "../../server/request/request_context.ts";

const [listener, port, databaseUrl] = Deno.args;
const db = connect(databaseUrl, { max: 20, name: "baseline" });
await db`create table if not exists baseline (id bigint generated always as identity primary key, at timestamptz, body text)`;

const constant = JSON.stringify({
  valid: true,
  message: "License is valid",
  code: "VALID",
  license: { key: "XXXX-XXXX-XXXX-XXXX", valid_until: "2026-01-01", max_users: 10 },
  update_available: false,
  latest_version: "1.0.0",
});
const headers = { "content-type": "application/json" };

const app = new Hono<{ Bindings: Peer }>();
app.post("/constant", () => new Response(constant, { headers }));
app.post("/select", async (c) => {
  const { id } = await c.req.json<{ id: number }>();
  const rows = await db`
    select id, key, valid_until, max_users
    from licenses
    where id = ${id}`;
  return c.json(rows[0]);
});
app.post("/insert", async (c) => {
  const body = await c.req.text();
  const rows = await db`
    insert into baseline (at, body)
    values (now(), ${body})
    returning id`;
  return c.json(rows[0], 201);
});

const listen = listener === "deno" ? listenDeno : listenNode;
await listen((request, peer) => app.fetch(request, peer), { host: "127.0.0.1", port: Number(port) });
