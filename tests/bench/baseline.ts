// The yardsticks of the benches in a process of its own: the same framework on the same listener. Each reads and parses the
// body of its subject, does one thing, and sends the headers that the server sends with a validation result.
import { Hono } from "hono";
import { verify } from "@node-rs/argon2";
import { connect } from "../../db/connect.ts";
import { listenDeno, listenNode } from "../../server/request/listener.ts";
import type { Peer } from "../../server/request/request_context.ts";

const [listener, port, databaseUrl, headersAsJson, passwordHash] = Deno.args;
const headers: Record<string, string> = JSON.parse(headersAsJson);
const db = connect(databaseUrl, { max: 20, name: "baseline" });
await db`
  create table if not exists baseline (
    id   bigint generated always as identity primary key,
    at   timestamptz,
    body text
  )`;

const constant = {
  valid: true,
  message: "License is valid",
  code: "VALID",
  license: { key: "XXXX-XXXX-XXXX-XXXX", valid_until: "2026-01-01", max_users: 10 },
  update_available: false,
  latest_version: "1.0.0",
};
const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers });

async function select(id: number): Promise<Response> {
  const [row] = await db`
    select id, key, valid_until, max_users
    from licenses
    where id = ${id}`;
  return answer(row);
}

const app = new Hono<{ Bindings: Peer }>();
app.post("/constant", async (c) => {
  const body = JSON.parse(await c.req.text());
  return answer(typeof body.license_key === "string" ? constant : {}, 200);
});
app.post("/select", async (c) => await select(JSON.parse(await c.req.text()).id));
app.get("/select/:id", async (c) => await select(Number(c.req.param("id"))));
app.post("/insert", async (c) => {
  const body = await c.req.text();
  JSON.parse(body);
  const [row] = await db`
    insert into baseline (at, body)
    values (now(), ${body})
    returning id`;
  return answer(row, 201);
});
app.post("/hash", async (c) => {
  const { password } = JSON.parse(await c.req.text());
  return answer({ right: await verify(passwordHash, password) });
});

const listen = listener === "deno" ? listenDeno : listenNode;
await listen((request, peer) => app.fetch(request, peer), { host: "127.0.0.1", port: Number(port) });
