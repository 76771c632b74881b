// Deleted rows: every list shows when they were deleted and until when they can be restored, and restoring works.
import assert from "node:assert/strict";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { client } = await signInToPanel(server, "manager");
const THIRTY_DAYS = 30 * 86_400_000;
const { productId, ...license } = await makeLicense(ctx);

interface DeletedRow {
  id: number;
  deletedAt: string | null;
  restorableUntil: string | null;
}
interface Procedures {
  list: { query(input: { deleted?: boolean }): Promise<{ rows: DeletedRow[] }> };
  get: { query(input: { id: number }): Promise<DeletedRow> };
  remove(id: number): Promise<unknown>;
  restore(id: number): Promise<unknown>;
}

/** The procedures of a kind of row that is deleted one at a time. */
function proceduresOf<Name extends "customers" | "products" | "plans" | "releases" | "resources" | "leads">(
  name: Name,
): Procedures {
  const { list, get, delete: remove, restore } = client[name];
  return {
    list: list as Procedures["list"],
    get: get as Procedures["get"],
    remove: (id) => remove.mutate({ id }),
    restore: (id) => restore.mutate({ id }),
  };
}

const kinds: Record<string, [procedures: Procedures, create: () => Promise<{ id: number }>]> = {
  customers: [proceduresOf("customers"), () => client.customers.create.mutate({ name: "Gone" })],
  products: [proceduresOf("products"), () => makeProduct(ctx)],
  plans: [
    proceduresOf("plans"),
    () =>
      client.plans.create.mutate({
        productId,
        code: "gone",
        name: "Gone",
        licenseType: "trial",
        duration: "P7D",
        maxActivations: 1,
        maxUsers: 1,
        features: [],
      }),
  ],
  releases: [proceduresOf("releases"), () => makeRelease(ctx, productId, "1.0.0")],
  resources: [
    proceduresOf("resources"),
    () => client.resources.create.mutate({ type: "server", identifier: "gone" }),
  ],
  leads: [proceduresOf("leads"), () => client.leads.create.mutate({ name: "Gone" })],
  licenses: [
    {
      list: client.licenses.list as Procedures["list"],
      get: client.licenses.get as Procedures["get"],
      remove: (id) => client.licenses.delete.mutate({ licenseIds: [id] }),
      restore: (id) => client.licenses.restore.mutate({ licenseIds: [id] }),
    },
    () => Promise.resolve(license),
  ],
};

for (const [name, [{ list, get, remove, restore }, create]] of Object.entries(kinds)) {
  test(`Deleted ${name} are listed with the time of deletion and can be restored`, async () => {
    const { id } = await create();
    const listed = async (deleted: boolean) =>
      (await list.query({ deleted })).rows.find((row) => row.id === id);
    assert.deepEqual([(await listed(false))!.restorableUntil, await listed(true)], [null, undefined]);
    await remove(id);
    assert.equal(await listed(false), undefined);
    for (const row of [await listed(true), await get.query({ id })]) {
      assert.ok(row?.deletedAt && row.restorableUntil);
      assert.equal(Date.parse(row.restorableUntil) - Date.parse(row.deletedAt), THIRTY_DAYS);
    }
    await restore(id);
    const { deletedAt, restorableUntil } = (await listed(false))!;
    assert.deepEqual([deletedAt, restorableUntil, await listed(true)], [null, null, undefined]);
  });
}

test("The server stops without an error", () => server.stop());
