// Importing and exporting tables as an administrator over REST, for tests.
import assert from "node:assert/strict";
import { makeAdministrator } from "./administrators.ts";
import type { TestServer } from "./server.ts";

export type Table = string | Uint8Array<ArrayBuffer>;

interface LineError {
  line: number;
  field: string;
  message: string;
}

/** Signs a manager in to a server, who imports and exports tables of these objects. */
export async function importerOf(server: TestServer, what: "customers" | "licenses" | "devices") {
  const { token } = await makeAdministrator(server, "manager");
  const headers = { authorization: `Bearer ${token}` };
  const call = (path: string, table?: Table) =>
    fetch(`${server.url}/api/admin/${what}/${path}`, {
      method: table === undefined ? "GET" : "POST",
      headers: table === undefined ? headers : { ...headers, "content-type": "text/csv" },
      body: table,
    });
  const send = async (table: Table, query = "") => {
    const reply = await call(`import?${query}`, table);
    return { status: reply.status, body: await reply.json() };
  };
  return {
    headers,
    send,
    /** As `send`; the table has to be accepted. */
    async imported(table: Table, query = "") {
      const { status, body } = await send(table, query);
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    },
    async exported(format: "csv" | "xlsx"): Promise<Uint8Array<ArrayBuffer>> {
      const reply = await call(`export?format=${format}`);
      assert.equal(reply.status, 200, what);
      return new Uint8Array(await reply.arrayBuffer());
    },
  };
}

/** The errors of an import as lines of text. */
export function errorsOf(body: { errors: LineError[] }): string[] {
  return body.errors.map(({ line, field, message }) => `${line} ${field}: ${message}`);
}
