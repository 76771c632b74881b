// Exports over HTTP: every column of every export, and errors before and in the middle, on both listeners.
import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { read, utils } from "@e965/xlsx";
import { createLead } from "../../server/domain/leads/leads.ts";
import { restoreText } from "../../server/domain/sheets/csv_cells.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense, makeRelease } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const { db } = server;
const owner = await makeAdministrator(server, "owner");
const authorization = `Bearer ${owner.token}`;

const { paths } = JSON.parse(await Deno.readTextFile("openapi.json")) as { paths: Record<string, unknown> };
const exports = Object.keys(paths).filter((path) => path.endsWith("/export"));

async function exported(path: string, format: string): Promise<Uint8Array> {
  // An export is an API request itself, which the next one would have.
  const filter = path.includes("api-requests") ? "&method=POST" : "";
  const response = await fetch(`${server.url}${path}?format=${format}${filter}`, {
    headers: { authorization },
  });
  assert.equal(response.status, 200, path);
  return await response.bytes();
}

/** Writes text that is executed if nothing is done about it into every text column of the database that has no rule. */
async function fillWithFormulas(): Promise<void> {
  const columns = await db<{ table: string; name: string }[]>`
    select table_name as table, column_name as name
    from information_schema.columns
    where table_schema = 'public' and data_type = 'text'
      and table_name in (
        'customers', 'products', 'plans', 'releases', 'licenses', 'activations', 'resources', 'users', 'institutions',
        'contacts'
      )`;
  let filled = 0;
  for (const { table, name } of columns) {
    const formula = `\n ＝cmd|'/c calc'!A1,"${table}";\r=1+1 `;
    const written = await db`
      update ${db(table)}
      set ${db(name)} = ${formula}`.catch(() => null);
    if (written) filled++;
  }
  assert.ok(filled > 15, `columns filled: ${filled}`);
}

test("No cell of any export is executed, and CSV and XLSX have the same cells", async () => {
  assert.ok(exports.length >= 10, exports.join());
  const ctx = await server.ctx();
  const license = await makeLicense(ctx);
  await makeRelease(ctx, license.productId, "1.2.3");
  await server.post("/api/license/activate", {
    license_key: license.key,
    hardware_hash: "machine",
    machine_name: "-1+1",
  });
  const metered = await owner.send("PATCH", `/api/admin/licenses/${license.id}`, {
    meters: { renders: { limit: 10, period: "day" } },
  });
  assert.equal(metered.status, 200, JSON.stringify(metered.body));
  await server.post("/api/license/usage/increment", { license_key: license.key, meter: "renders" });
  await createLead(ctx, { name: "=1+1", contact: { name: "@x" } });
  for (
    const [path, body] of [
      ["/api/admin/plans", {
        product_id: license.productId,
        code: "plan",
        name: "=plan",
        license_type: "perpetual",
        duration: null,
        max_activations: 1,
        max_users: 1,
        features: [],
      }],
      ["/api/admin/resources", { type: "server", identifier: "+resource" }],
      ["/api/admin/users", { email: "user@example.com", name: "@user" }],
    ] as const
  ) {
    const reply = await owner.post(path, body);
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
  }
  await fillWithFormulas();
  await server.server.services.apiRequests.flush();
  for (const template of exports) {
    const path = template.replace("{id}", String(license.id));
    const rows: string[][] = parse(await exported(path, "csv"), { record_delimiter: "\r\n", bom: true });
    assert.ok(rows.length > 1, `${path} has no rows`);
    for (const cell of rows.flat()) {
      // Numbers are written as numbers.
      if (/^-?\d+$/.test(cell)) continue;
      assert.doesNotMatch(cell, /^[\s\p{C}\p{Z}]*[=+\-@＝＋－＠]|^[\t\r\n]/u, `${path}: ${cell}`);
    }
    const book = read(await exported(path, "xlsx"));
    const sheet = book.Sheets[book.SheetNames[0]];
    const cells = utils.sheet_to_json<unknown[]>(sheet, { header: 1, raw: true, defval: "" });
    const spelled = (row: unknown[]) => row.map((cell) => String(cell).replace(/\r\n?/g, "\n"));
    // The events go on: an export itself is none, but a sign-in may be.
    assert.deepEqual(cells.map(spelled), rows.map((row) => spelled(row.map(restoreText))), path);
    assert.ok(Object.values(sheet).every((cell) => cell.f === undefined), path);
  }
});

for (const listener of ["node", "deno"]) {
  test(`An export that fails is refused at first, and is cut off in the middle (${listener})`, async () => {
    const other = await startTestServer({ LISTENER: listener }, server);
    await db`
      insert into institutions (name, type, stage, notes, created_at, updated_at)
      select 'Long', 'company', 'new', notes.random, now(), now()
      from generate_series(1, 1500) n
      cross join lateral (
        select string_agg(md5(n || ' ' || part), '') as random
        from generate_series(1, 600) part
      ) notes`;
    const start = (format: string) =>
      fetch(`${other.url}/leads/export?format=${format}`, { headers: { authorization } });
    for (const format of ["csv", "xlsx"]) {
      const response = await start(format);
      assert.equal(response.status, 200);
      const reader = response.body!.getReader();
      await reader.read();
      // More than what sockets hold is still to be read from the database.
      await db`alter table contacts rename to contacts_gone`;
      try {
        await assert.rejects(async () => {
          while (!(await reader.read()).done);
        }, format);
        const refused = await start(format);
        assert.equal(refused.status, 500, "nothing has been written yet");
        await refused.body?.cancel();
        assert.match(other.logged(), /"response cut off"/);
      } finally {
        await db`alter table contacts_gone rename to contacts`;
      }
    }
    await other.stop();
  });
}

test("The server stops without an error", () => server.stop());
