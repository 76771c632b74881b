// A server with a manager who imports leads, for the tests of imports.
import assert from "node:assert/strict";
import { makeAdministrator } from "./administrators.ts";
import { startTestServer, type TestServer } from "./server.ts";

export interface LeadServer extends TestServer {
  /** Of the manager. */
  authorization: string;
  /** Posts a file or form. */
  upload(path: string, body: BodyInit, headers?: Record<string, string>): Promise<Response>;
  /** The report of an import. */
  // deno-lint-ignore no-explicit-any
  imported(table: string | Uint8Array<ArrayBuffer>, query?: string): Promise<any>;
  /** Deletes all leads. */
  clear(): Promise<void>;
  /** The leads with their first contact, in the order of their creation. */
  leads(): Promise<Record<string, unknown>[]>;
}

export async function startLeadServer(): Promise<LeadServer> {
  const server = await startTestServer();
  const { token } = await makeAdministrator(server, "manager");
  const authorization = `Bearer ${token}`;
  const upload: LeadServer["upload"] = (path, body, headers = {}) =>
    fetch(server.url + path, { method: "POST", headers: { authorization, ...headers }, body });
  return {
    ...server,
    authorization,
    upload,
    async imported(table, query = "") {
      const reply = await upload(`/leads/import?${query}`, table, { "content-type": "text/csv" });
      const body = await reply.json();
      assert.equal(reply.status, 200, JSON.stringify(body));
      return body;
    },
    async clear() {
      await server.db`truncate lead_activities, contacts, institutions cascade`;
    },
    leads: () =>
      server.db`
      select i.name, i.type, i.stage, i.city, i.notes, k.name as contact, k.email, k.phone
      from institutions i
      left join lateral (select * from contacts where institution_id = i.id order by id limit 1) k on true
      order by i.id`.then((rows) => [...rows]),
  };
}
