// The yardsticks of the benches in a process of its own: the same framework on the same listener. Each reads and parses the
// body of its subject, does one thing, and sends the headers that the server sends with a validation result.
import { verify } from "@node-rs/argon2";
import { connect } from "../../db/connect.ts";
import { listenDeno, listenNode } from "../../server/request/listener.ts";
import { App } from "../../server/request/app.ts";
import type { Reply } from "../../server/request/reply.ts";

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
const names = Object.entries(headers).flat();
const answer = (body: unknown, status = 200) => ({ status, headers: [...names], body: JSON.stringify(body) });
const parse = async (request: Request) => JSON.parse(await request.text());

async function select(id: number): Promise<Reply> {
  const [row] = await db`
    select id, key, valid_until, max_users
    from licenses
    where id = ${id}`;
  return answer(row);
}

const app = new App();
app.on(["POST"], "/constant", async (request) => {
  const body = await parse(request);
  return answer(typeof body.license_key === "string" ? constant : {});
});
app.on(["POST"], "/select", async (request) => await select((await parse(request)).id));
app.on(
  ["GET"],
  "/selectById/:id",
  (request) => select(Number(request.url.slice(request.url.lastIndexOf("/") + 1))),
);
app.on(["POST"], "/insert", async (request) => {
  const [row] = await db`
    insert into baseline (at, body)
    values (now(), ${JSON.stringify(await parse(request))})
    returning id`;
  return answer(row, 201);
});
app.on(["POST"], "/hash", async (request) => {
  const { password } = await parse(request);
  return answer({ right: await verify(passwordHash, password) });
});
app.otherwise(() => answer({}, 404));

const listen = listener === "deno" ? listenDeno : listenNode;
await listen((request, peer) => app.answer(request, peer), { host: "127.0.0.1", port: Number(port) });
