// What was deleted: every list of it says when, and until when it can be restored, and restoring works from there.
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

interface Gone {
  id: number;
  deletedAt: string | null;
  restorableUntil: string | null;
}
interface Noun {
  list: { query(ask: { deleted?: boolean }): Promise<{ rows: Gone[] }> };
  get: { query(ask: { id: number }): Promise<Gone> };
  remove(id: number): Promise<unknown>;
  restore(id: number): Promise<unknown>;
}

/** A noun's procedures, of those that delete one thing at a time. */
function noun<Name extends "customers" | "products" | "plans" | "releases" | "resources" | "leads">(
  name: Name,
): Noun {
  const { list, get, delete: remove, restore } = client[name];
  return {
    list: list as Noun["list"],
    get: get as Noun["get"],
    remove: (id) => remove.mutate({ id }),
    restore: (id) => restore.mutate({ id }),
  };
}

const nouns: Record<string, [noun: Noun, make: () => Promise<{ id: number }>]> = {
  customers: [noun("customers"), () => client.customers.create.mutate({ name: "Gone" })],
  products: [noun("products"), () => makeProduct(ctx)],
  plans: [
    noun("plans"),
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
  releases: [noun("releases"), () => makeRelease(ctx, productId, "1.0.0")],
  resources: [
    noun("resources"),
    () => client.resources.create.mutate({ type: "server", identifier: "gone" }),
  ],
  leads: [noun("leads"), () => client.leads.create.mutate({ name: "Gone" })],
  licenses: [
    {
      list: client.licenses.list as Noun["list"],
      get: client.licenses.get as Noun["get"],
      remove: (id) => client.licenses.delete.mutate({ licenseIds: [id] }),
      restore: (id) => client.licenses.restore.mutate({ licenseIds: [id] }),
    },
    () => Promise.resolve(license),
  ],
};

for (const [name, [{ list, get, remove, restore }, make]] of Object.entries(nouns)) {
  test(`Deleted ${name} are listed with their time, and come back`, async () => {
    const { id } = await make();
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
