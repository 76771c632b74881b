// The tRPC API as the panel uses it: client over HTTP, cookies, errors with the same codes as over REST, and
// subscriptions that resume after an interruption.
import assert from "node:assert/strict";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import type { AppRouter } from "../../server/trpc/router.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();

const owner = await signInToPanel(server, "owner");

test("Signing in sets an HttpOnly cookie, and signing out clears it", async () => {
  const panel = await signInToPanel(server, "viewer");
  const me = await panel.client.account.me.query();
  assert.equal(me.role, "viewer");
  const stolen = panel.cookie();
  assert.match(stolen, /^latchkey_session=lka_[\w-]{43}$/);
  await panel.client.account.signOut.mutate();
  const after = await fetch(`${server.url}/trpc/account.me`, { headers: { cookie: stolen } });
  assert.equal(after.status, 401);
});

test("An error has the same code, status and details as over REST", async () => {
  const { client } = owner;
  const missing = await refusalOf(client.customers.get.query({ id: 999_999 }));
  assert.deepEqual([missing.code, missing.httpStatus, missing.details.field], ["NOT_FOUND", 404, "id"]);
  const wrong = await refusalOf(client.customers.create.mutate({ name: "" }));
  assert.deepEqual([wrong.code, wrong.httpStatus, wrong.details.field], ["INVALID_REQUEST", 400, "name"]);
  const unknown = await refusalOf(client.customers.create.mutate({ name: "X", colour: "red" } as never));
  assert.deepEqual([unknown.code, unknown.details.field], ["INVALID_REQUEST", "colour"]);
  const product = await makeProduct(ctx);
  const conflict = await refusalOf(client.products.create.mutate({ code: product.code, name: "Another" }));
  assert.deepEqual([conflict.code, conflict.httpStatus, conflict.details.field], ["CONFLICT", 409, "code"]);
});

test("Lists page by keyset: every row once, also when rows are added meanwhile", async () => {
  const names = Array.from({ length: 25 }, (_, n) => `Paged ${String(n).padStart(2, "0")}`);
  for (const name of names) await createCustomer(ctx, { name, email: null });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await owner.client.customers.list.query({ q: "Paged", sort: "name", limit: 7, cursor });
    seen.push(...page.rows.map(({ name }) => name));
    if (!cursor) {
      assert.deepEqual([page.total, page.totalIsMore], [25, false]);
      await createCustomer(ctx, { name: "Paged 00 too late", email: null });
    }
    cursor = page.next ?? undefined;
  } while (cursor);
  assert.deepEqual(seen, names);
  const stale = await refusalOf(owner.client.customers.list.query({ cursor: "bm9uc2Vuc2U" }));
  assert.equal(stale.details.field, "cursor");
});

test("Licenses sort by expiry with those that never expire last, and filter by state", async () => {
  const created = [];
  const { customerId, productId } = await makeLicense(ctx, { validUntil: "2031-01-01" });
  for (const validUntil of ["2030-01-01", null, "2020-06-30"] as const) {
    created.push(await makeLicense(ctx, { customerId, productId, validFrom: "2020-01-01", validUntil }));
  }
  const { client } = owner;
  const sorted = await client.licenses.list.query({ customerId, sort: "validUntil", limit: 2 });
  const rest = await client.licenses.list.query({
    customerId,
    sort: "validUntil",
    limit: 2,
    cursor: sorted.next!,
  });
  const ends = [...sorted.rows, ...rest.rows].map(({ validUntil }) => validUntil);
  assert.deepEqual(ends, ["2020-06-30", "2030-01-01", "2031-01-01", null]);
  const expired = await client.licenses.list.query({ customerId, state: "expired" });
  assert.deepEqual(expired.rows.map(({ id }) => id), [created[2].id]);
});

test("The explanation of a refused machine lists every check", async () => {
  const license = await makeLicense(ctx, { maxActivations: 1 });
  await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId: "first",
    machineName: null,
    appVersion: null,
  });
  const why = await owner.client.licenses.explain.query({ id: license.id, hardwareId: "second" });
  assert.deepEqual([why.verify, why.activate], ["NOT_ACTIVATED", "ACTIVATION_LIMIT_REACHED"]);
  const { remedies, ...check } = why.checks.find(({ name }) => name === "activation_limit")!;
  assert.deepEqual(check, {
    name: "activation_limit",
    passed: false,
    code: "ACTIVATION_LIMIT_REACHED",
    actual: 1,
    limit: 1,
    sentence: "All activations are used: 1 of 1.",
  });
  assert.deepEqual(remedies.map(({ action }) => action), ["raise_activation_limit", "deactivate_device"]);
});

test("An administrator's change is recorded with before and after, name and request id", async () => {
  const { client } = owner;
  const { id } = await client.customers.create.mutate({ name: "Before Ltd" });
  await client.customers.edit.mutate({ id, changes: { name: "After Ltd" } });
  await client.customers.delete.mutate({ id });
  await client.customers.restore.mutate({ id });
  const { rows } = await client.events.list.query({ customerId: id });
  assert.deepEqual(rows.map(({ type }) => type), [
    "customer.restored",
    "customer.deleted",
    "customer.updated",
    "customer.created",
  ]);
  const edited = rows[2];
  assert.deepEqual([edited.before, edited.after], [{ name: "Before Ltd" }, { name: "After Ltd" }]);
  assert.ok(edited.actorKind === "administrator" && edited.actorName && edited.requestId);
});

test("Ten thousand licenses are issued as one job, none lost when a worker dies during it", async () => {
  const { client } = owner;
  const { customerId, productId } = await makeLicense(ctx);
  const job = await client.jobs.issueLicenses.mutate({ customerId, productId, count: 10_000, maxUsers: 3 });
  // A worker that died after two batches and whose lease has expired.
  let batches = 0;
  const dying = {
    ...ctx,
    db: new Proxy(ctx.db, {
      get(db, name) {
        if (name === "begin" && ++batches > 2) throw new Error("killed");
        return Reflect.get(db, name);
      },
    }),
  };
  await runRequestedJobs(dying, realTime).catch(() => {});
  await server.db`
    update jobs
    set state = 'running', finished_at = null, error = null, leased_until = now() - interval '1 second'
    where id = ${job.id}`;
  const interrupted = await client.jobs.get.query({ id: job.id });
  assert.equal(interrupted.done, 1000);
  await runRequestedJobs(await server.ctx(), realTime);
  const ended = await client.jobs.get.query({ id: job.id });
  assert.deepEqual([ended.state, ended.done], ["done", 10_000]);
  const [{ count, keys }] = await server.db`
    select count(*) as count, count(distinct key) as keys
    from licenses
    join job_licenses on license_id = licenses.id
    where job_id = ${job.id} and max_users = 3`;
  assert.deepEqual([Number(count), Number(keys)], [10_000, 10_000]);
  const page = await client.licenses.list.query({ jobId: job.id, limit: 1 });
  assert.deepEqual([page.total, page.totalIsMore], [10_000, false]);
});

test("The feed sends events live and resumes after an interruption without a gap", async () => {
  const manager = await makeAdministrator(server, "manager");
  const follow = (lastEventId?: string) => {
    const received: { id: string; type: string }[] = [];
    const client = createTRPCClient<AppRouter>({
      links: [splitLink({
        condition: ({ type }) => type === "subscription",
        true: httpSubscriptionLink({
          url: `${server.url}/trpc`,
          EventSource: eventSourceWith({ authorization: `Bearer ${manager.token}` }) as never,
        }),
        false: httpBatchLink({ url: `${server.url}/trpc` }),
      })],
    });
    let began = false;
    const feed = client.events.feed.subscribe({ lastEventId }, {
      onData({ id, data }) {
        if (data) received.push({ id, type: data.type });
        else began = true;
      },
    });
    return { received, began: () => began, stop: () => feed.unsubscribe() };
  };
  const first = follow();
  await eventually(() => Promise.resolve(first.began()));
  await createCustomer(ctx, { name: "Live", email: null });
  await eventually(() => Promise.resolve(first.received.length > 0));
  first.stop();
  const last = first.received.at(-1)!.id;
  // The cursor of an event ends with its id.
  const known = last.split(":").at(-1)!;
  // A transaction that starts during the interruption and commits after it is delivered when it commits.
  const { promise: committing, resolve: commit } = Promise.withResolvers<void>();
  const { promise: started, resolve: written } = Promise.withResolvers<void>();
  const slow = server.db.begin(async (db) => {
    await createCustomer({ ...ctx, db }, { name: "Slow", email: null });
    written();
    await committing;
  });
  await started;
  await makeLicense(ctx);
  const second = follow(last);
  await eventually(() => Promise.resolve(second.received.some(({ type }) => type === "license.created")));
  commit();
  await slow;
  const missed = await server.db`select type from events where id > ${known} order by transaction_id, id`;
  await eventually(() => Promise.resolve(second.received.length >= missed.length));
  second.stop();
  assert.deepEqual(second.received.map(({ type }) => type).sort(), missed.map(({ type }) => type).sort());
});

/** A minimal EventSource that sends the given headers. */
function eventSourceWith(headers: Record<string, string>) {
  return class extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSED = 2;
    readyState = 0;
    #leave = new AbortController();
    constructor(url: string | URL) {
      super();
      this.#read(String(url)).catch(() => {});
    }
    async #read(url: string) {
      const response = await fetch(url, { headers, signal: this.#leave.signal });
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
      let text = "";
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
        text += piece;
        const messages = text.split(/\r?\n\r?\n/);
        text = messages.pop()!;
        for (const message of messages) {
          const field = (name: string) =>
            message.split(/\r?\n/).find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trim();
          const data = field("data") ?? "";
          this.dispatchEvent(
            new MessageEvent(field("event") ?? "message", { data, lastEventId: field("id") ?? "" }),
          );
        }
      }
    }
    close() {
      this.readyState = 2;
      this.#leave.abort();
    }
  };
}

test("The server stops without an error, also while a client is subscribed", async () => {
  const manager = await makeAdministrator(server, "viewer");
  const listening = fetch(`${server.url}/trpc/monitoring.live?input=%7B%7D`, {
    headers: { authorization: `Bearer ${manager.token}` },
  }).then((response) => response.text()).catch(() => "");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await server.stop();
  await listening;
});
