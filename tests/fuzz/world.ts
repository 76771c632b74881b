// The server that is called: the demo's data, credentials of every kind, and values of its answers to call it with again.
import { mountQueueDashboard } from "../../server/operations/queue_dashboard.ts";
import { createApp, listEndpoints } from "../../server/app.ts";
import { issueFileForDevice } from "../../server/domain/license_files/of_device.ts";
import { wireFileClaims } from "../../server/request/wire_files.ts";
import { demo } from "../../server/demo_credentials.ts";
import { loadDemoData } from "../../server/demo/demo_data.ts";
import { createUser } from "../../server/domain/accounts/users.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import type { Context } from "../../server/domain/context.ts";
import { hashParameters } from "../../server/domain/passwords/password_hash.ts";
import { defaultSettings } from "../../server/domain/settings/schema.ts";
import { createTestSession } from "../support/administrators.ts";
import { offlineRequest, unarmour } from "../support/license_files.ts";
import { startTestSession } from "../support/users.ts";
import { startTestServer } from "../support/server.ts";
import { removalCode } from "../support/verifier/removal_code.ts";
import type { Random } from "./random.ts";
import type { Known } from "./samples.ts";
import type { Credential } from "./targets.ts";

/** Rows that calls delete or disable, and changed settings: undone from time to time. */
const repairs = [
  "update customers set deleted_at = null, merged_into_id = null where deleted_at is not null and id <= 30",
  ...["licenses", "products", "plans", "releases", "resources", "institutions", "contacts"]
    .map((table) => `update ${table} set deleted_at = null where deleted_at is not null and id <= 30`),
  "update licenses set is_active = true, disabled_reason = null, valid_until = null, anchor_day = null where id <= 30 and not is_active",
  "update users set disabled_at = null where disabled_at is not null and id <= 30",
  "delete from settings",
];

/** The removal codes of some devices, as their apps make them. */
async function makeRemovalCodes(ctx: Context): Promise<string[]> {
  await ctx.db`update licenses set offline_days = 30`;
  const devices = await ctx.db<{ id: number }[]>`
    select a.id
    from activations a
    join licenses l on l.id = a.license_id
    where a.is_active and l.is_active and l.valid_until is null and l.deleted_at is null
    order by a.id
    limit 3`;
  return await Promise.all(devices.map(async ({ id }) => {
    const options = { activationId: id, ttl: null, isEncrypted: false, issuer: "https://fuzz.example" };
    const { text } = await issueFileForDevice(ctx, options, wireFileClaims);
    return removalCode(JSON.parse(Buffer.from(unarmour(text).split(".")[1], "base64url").toString()));
  }));
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld() {
  // Hashing is slow by design, and not what is tested here.
  Object.assign(hashParameters, { memoryCost: 8, timeCost: 1 });
  const server = await startTestServer({ LOG_LEVEL: "error" });
  const { services } = server.server;
  await loadDemoData(await server.ctx());
  const app = createApp(services, server.config);
  mountQueueDashboard(app, services, { redisUrl: server.config.REDIS_URL, queues: [], prefix: "fuzz" });

  const column = async (select: string) =>
    (await server.db.unsafe(`select ${select}`)).map((row) => Object.values(row)[0]);
  const [keys, fingerprints, emails, versions, plans, products, events] = await Promise.all([
    column("key from licenses order by id limit 30"),
    column("hardware_id from activations order by id limit 30"),
    column("email from users union select email from administrators"),
    column("version from releases limit 10"),
    column("code from plans"),
    column("code from products"),
    column("distinct type from events"),
  ]);
  const removalCodes = await makeRemovalCodes(await server.ctx());
  const pools: Record<string, unknown[]> = {
    license_key: keys,
    key: keys,
    hardware_hash: fingerprints,
    hardware_id: fingerprints,
    device_id: [...fingerprints, 1, 2, 3],
    email: emails,
    version: versions,
    current_version: versions,
    app_version: versions,
    // Most codes are of other kinds, such as those of products.
    code: [...removalCodes, undefined, undefined, undefined],
    request: keys.map((license_key) => offlineRequest({ license_key, hardware_hash: fingerprints[0] })),
    plan: plans,
    trial_plan: plans,
    product: products,
    event_types: [events.slice(0, 3), ["*"]],
    password: ["password123", demo.administrator.password],
    current_password: ["password123", demo.administrator.password],
    name: [...Object.keys(defaultSettings), "ACME Corp", "Anna", "sample"],
  };
  /** Values of answers, by name. */
  const seen = new Map<string, string[]>();

  const known: Known = (name, random) => {
    const values = seen.get(name);
    if (values && random.chance(0.7)) return random.pick(values);
    if (/(^|_)ids$/.test(name)) {
      return Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(30));
    }
    const pool = pools[name];
    if (pool) return random.pick(pool);
    return /(^|_)id$/.test(name) ? 1 + random.below(random.pick([5, 30])) : undefined;
  };

  let number = 0;
  const create: Record<Exclude<Credential, null>, () => Promise<Record<string, string>>> = {
    async administrator() {
      const ctx = await server.ctx();
      const email = `owner${++number}@fuzz.example`;
      const { id } = await createAdministrator(ctx, {
        email,
        name: "Owner",
        role: "owner",
        password: "correct horse battery",
      });
      const { token } = await createTestSession(ctx, id, {
        factors: { firstFactor: "password", secondFactor: "totp" },
      });
      return { authorization: `Bearer ${token}` };
    },
    async "api key"() {
      const { key } = await createApiKey(await server.ctx(), { name: `fuzz ${++number}`, productId: null });
      return { "x-api-key": key };
    },
    async session() {
      return { authorization: `Bearer ${await userToken()}` };
    },
    async cookie() {
      return { cookie: `latchkey_account=${await userToken()}`, "sec-fetch-site": "same-origin" };
    },
  };
  async function userToken(): Promise<string> {
    const ctx = await server.ctx();
    const user = await createUser(ctx, { email: `user${++number}@fuzz.example`, name: "User" });
    await server.db`
      update licenses
      set user_id = ${user.id}
      where id = ${1 + number % 30}`;
    return await startTestSession(ctx, user, String(fingerprints[number % fingerprints.length]));
  }

  const credentials = new Map<Credential, Promise<Record<string, string>>>();
  return {
    server,
    app,
    known,
    endpoints: listEndpoints(services, server.config),
    /** The headers of a credential that is valid, as far as is known. */
    headersFor(credential: Credential): Promise<Record<string, string>> {
      if (credential === null) return Promise.resolve({});
      let headers = credentials.get(credential);
      if (!headers) credentials.set(credential, headers = create[credential]());
      return headers;
    },
    /** Forgets a credential that was refused. */
    renew(credential: Credential): void {
      credentials.delete(credential);
    },
    /** Remembers what an answer names, to call with it. */
    learn(text: string): void {
      for (
        const [, name, value] of text.matchAll(
          /"(next|previous|session_token|session_id|signature|nextCursor)":"([^"\\]+)"/g,
        )
      ) {
        const names = name === "next" || name === "previous"
          ? ["cursor", "before", "last_event_id"]
          : name === "signature"
          ? ["entitlement_token"]
          : [name];
        for (const name of names) {
          const values = seen.get(name) ?? [];
          seen.set(name, [...values.slice(-20), value]);
        }
      }
    },
    async repair(): Promise<void> {
      for (const statement of repairs) await server.db.unsafe(statement);
    },
    /** Wrong or other credentials. */
    strangeHeaders: (random: Random): Record<string, string> =>
      random.pick<Record<string, string>>([
        {},
        { authorization: `Bearer lka_${"A".repeat(43)}` },
        { authorization: `Bearer ${"A".repeat(64)}` },
        { "x-api-key": "lk_live_unknown" },
        { cookie: "latchkey_session=x; latchkey_account=y" },
      ]),
  };
}
