// Notes and tags of customers, users, licenses and leads: changes, their events, and the filter of the lists.
import assert from "node:assert/strict";
import { updateUser } from "../../server/domain/accounts/edit_user.ts";
import { createListedUser, getListedUser, listUsers } from "../../server/domain/accounts/list_users.ts";
import type { Context } from "../../server/domain/context.ts";
import { createCustomer, getCustomer, updateCustomer } from "../../server/domain/customers/customers.ts";
import { customerChanges } from "../../server/domain/customers/inputs.ts";
import { listUsedTags } from "../../server/domain/tags.ts";
import { requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { createLead, getLead, updateLead } from "../../server/domain/leads/leads.ts";
import { listLeads } from "../../server/domain/leads/list.ts";
import { getLicenseById, listLicenseIds, listLicenses } from "../../server/domain/licenses/list.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();

type Labels = { notes: string; tags: string[] };
type Listed = Labels & { id: number };

interface Kind {
  /** Creates one with these. */
  create(ctx: Context, labels: Labels): Promise<{ id: number }>;
  get(ctx: Context, id: number): Promise<Listed>;
  update(ctx: Context, input: { id: number; changes: Partial<Labels> }): Promise<unknown>;
  list(ctx: Context, query: { tag: string }): Promise<{ rows: Listed[] }>;
}

const kinds: Record<string, Kind> = {
  customer: {
    create: (ctx, labels) => createCustomer(ctx, { name: "Tagged", ...labels }),
    get: getCustomer,
    update: updateCustomer,
    list: listCustomers,
  },
  user: {
    create: (ctx, labels) =>
      createListedUser(ctx, { name: "Tagged", email: "tagged@example.com", ...labels }),
    get: getListedUser,
    update: updateUser,
    list: listUsers,
  },
  lead: {
    create: (ctx, labels) => createLead(ctx, { name: "Tagged", ...labels }),
    get: getLead,
    update: updateLead,
    list: listLeads,
  },
  license: {
    create: (ctx, labels) => makeLicense(ctx, labels),
    get: getLicenseById,
    update: updateLicense,
    list: listLicenses,
  },
};

for (const [name, kind] of Object.entries(kinds)) {
  test(`a ${name} has notes and tags, is found by a tag, and its history says what changed`, async () => {
    const first = { notes: "Met at the fair", tags: ["vip", "reseller"] };
    const { id } = await kind.create(ctx, first);
    const created = await kind.get(ctx, id);
    assert.deepEqual({ notes: created.notes, tags: created.tags }, first);

    await kind.update(ctx, { id, changes: { tags: ["vip", "renewal"] } });
    await kind.update(ctx, { id, changes: { notes: "Asks for an offer" } });
    await kind.update(ctx, { id, changes: { tags: ["vip", "renewal"] } });
    const { notes, tags } = await kind.get(ctx, id);
    assert.deepEqual({ notes, tags }, { notes: "Asks for an offer", tags: ["vip", "renewal"] });
    const { rows: events } = await listEvents(ctx, { type: `${name}.updated`, subjectId: id });
    assert.deepEqual(events.map(({ before, after }) => [before, after]), [
      [{ notes: first.notes }, { notes }],
      [{ tags: first.tags }, { tags }],
    ]);

    const found = async (tag: string) => (await kind.list(ctx, { tag })).rows.map(({ id }) => id);
    assert.deepEqual([await found("renewal"), await found("reseller"), await found("ren")], [[id], [], []]);
    const { rows: [row] } = await kind.list(ctx, { tag: "vip" });
    assert.deepEqual([row.notes, row.tags], [notes, tags]);
  });
}

test("licenses with a tag are selected for a bulk change", async () => {
  const { id } = await makeLicense(ctx);
  await updateLicense(ctx, { id, changes: { tags: ["school-2026"] } });
  assert.deepEqual(await listLicenseIds(ctx, { tag: "school-2026" }), { ids: [id], isMore: false });
});

test("licenses that a job creates have its notes and tags", async () => {
  const { productId, customerId } = await makeLicense(ctx);
  const job = await requestLicenses(ctx, {
    productId,
    customerId,
    count: 2,
    notes: "Rollout",
    tags: ["rollout"],
  });
  await runRequestedJobs(ctx, realTime);
  const { rows } = await listLicenses(ctx, { jobId: job.id });
  assert.deepEqual(rows.map(({ notes, tags }) => [notes, tags]), [["Rollout", ["rollout"]], ["Rollout", [
    "rollout",
  ]]]);
});

test("the tags in use are suggested, the most frequent first", async () => {
  const used = await listUsedTags(ctx);
  assert.equal(used[0], "renewal");
  assert.ok(used.includes("school-2026") && used.includes("rollout"), used.join());
  assert.equal(used.length, new Set(used).size);
});

test("a tag is a code, twenty at most, each once", () => {
  const parse = (tags: string[]) => customerChanges.safeParse({ tags });
  assert.deepEqual(parse(["vip", "b", "vip"]).data, { tags: ["vip", "b"] });
  for (
    const tags of [
      ["VIP"],
      ["a b"],
      [""],
      ["-"],
      ["x".repeat(64)],
      Array.from({ length: 21 }, (_, n) => `t${n}`),
    ]
  ) {
    assert.equal(parse(tags).success, false, tags.join());
  }
});

test("the database connections close", () => system.db.end());
