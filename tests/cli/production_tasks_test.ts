// Production tasks run with the permissions that deno.json lists for them, and these permissions are sufficient.
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import type { Context } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { eventLoopVariables, heapFlags } from "../../server/runtime_options.ts";
import { version } from "../../server/version.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import manifest from "../../deno.json" with { type: "json" };
import { backupKey } from "../support/backups.ts";
import { cloneStores, createEmptyDatabase, type TestStores } from "../support/database.ts";
import { startReceiver } from "../support/receiver.ts";
import { testSecrets } from "../support/secrets.ts";
import { test } from "../support/test.ts";
import { makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tasks: Record<string, { command: string }> = manifest.tasks;
const production = ["server", "worker", "latchkey"];

interface TaskResult {
  code: number;
  output: string;
}

/**
 * The command of a task of deno.json, unchanged, with an environment of only the given variables. A name that is no task is a
 * command of `latchkey`.
 */
function taskCommand(
  name: string,
  stores: TestStores,
  options: { args?: string[]; env?: Record<string, string>; stdin?: "piped"; stderr?: "piped" } = {},
): Deno.Command {
  const isTask = name in tasks;
  const words = tasks[isTask ? name : "latchkey"].command.replaceAll("$INIT_CWD", root).replaceAll(
    /\$\w+/g,
    "",
  )
    .split(" ");
  const at = words.indexOf("deno");
  const variables = words.slice(0, at).map((word) => word.split("="));
  const args = [...words.slice(at + 1), ...isTask ? [] : [name]];
  return new Deno.Command(Deno.execPath(), {
    args: [...args, ...options.args ?? []],
    cwd: root,
    clearEnv: true,
    env: {
      PATH: dirname(Deno.execPath()),
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      HOST: "127.0.0.1",
      PORT: "0",
      WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8",
      ...testSecrets,
      BACKUP_KEY: backupKey,
      ...Object.fromEntries(variables),
      ...options.env,
    },
    stdin: options.stdin ?? "null",
    stdout: "piped",
    stderr: options.stderr ?? "inherit",
  });
}

async function runTask(
  name: string,
  stores: TestStores,
  args: string[] = [],
  input = "",
  env: Record<string, string> = {},
): Promise<TaskResult> {
  const child = taskCommand(name, stores, { args, env, stdin: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout } = await child.output();
  return { code, output: new TextDecoder().decode(stdout) };
}

/** Reads a program's log until it has `count` entries with this message, then keeps reading in the background. */
async function logged(
  child: Deno.ChildProcess,
  message: string,
  count = 1,
  // deno-lint-ignore no-explicit-any
): Promise<any[]> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (true) {
    const { value, done } = await reader.read();
    text += value ?? "";
    const entries = text.split("\n").slice(0, -1).map((line) => JSON.parse(line))
      .filter((entry) => entry.message === message);
    if (entries.length >= count) {
      (async () => {
        while (!(await reader.read()).done);
      })();
      return entries;
    }
    if (done) throw new Error(`The program ended without "${message}": ${text}`);
  }
}

async function stop(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 0);
}

function contextOf(stores: TestStores): Promise<Context> {
  return systemContext(stores.db, "tests", new Date(), createCipher(testSecrets.ENCRYPTION_KEY));
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

for (const name of production) {
  test(`the task "${name}" lists its permissions`, () => {
    const { command } = tasks[name];
    const set = command.match(/--permission-set=(\w+)/)?.[1];
    assert.ok(set && set in manifest.permissions, command);
    assert.doesNotMatch(command, /-A\b|--allow-all/);
  });
}

test("servers and workers have the heap flags and the event loop that were measured", () => {
  for (const name of ["server", "worker"]) assert.ok(tasks[name].command.includes(` ${heapFlags} `), name);
  for (const name of ["server", "worker", "standalone", "dev"]) {
    for (const [variable, value] of Object.entries(eventLoopVariables)) {
      assert.match(tasks[name].command, new RegExp(`(?:^|&& )${variable}=${value} deno run [^&]*$`), name);
    }
  }
});

test("no task grants a permission without a list", () => {
  for (const [name, set] of Object.entries(manifest.permissions)) {
    for (const [kind, granted] of Object.entries(set)) {
      assert.ok(kind === "net" || granted !== true, `${name} has all of ${kind}`);
    }
  }
});

test("server and worker verify, sign in and deliver a webhook with the permissions of their tasks", async () => {
  const stores = await cloneStores();
  const ctx = await contextOf(stores);
  const receiver = await startReceiver();
  await createWebhook(
    ctx,
    { url: receiver.url, description: "", eventTypes: ["license.activated"], headers: {} },
    readNetworks(["127.0.0.0/8"]),
  );
  const { key } = await createApiKey(ctx, { name: "tests", productId: null });
  const user = await makeUser(ctx);
  const license = await makeUserLicense(ctx, await makeCatalogue(ctx), user, "yearly");

  const server = taskCommand("server", stores).spawn();
  const metrics = { WORKER_METRICS_PORT: String(freePort()) };
  const worker = taskCommand("worker", stores, { env: metrics }).spawn();
  const [[listening], [started]] = await Promise.all([
    logged(server, "server listening"),
    logged(worker, "worker started"),
  ]);
  assert.deepEqual([listening.version, started.version], [version, version]);
  const url = `http://127.0.0.1:${listening.port}`;

  const machine = { license_key: license.key, hardware_hash: "one machine", app_version: "1.0.0" };
  const headers = { "x-api-key": key };
  const activated = await post(`${url}/api/license/activate`, { ...machine, machine_name: "One" }, headers);
  assert.equal(activated.status, 201, JSON.stringify(activated.body));
  const verified = await post(`${url}/api/license/verify`, machine, headers);
  assert.equal(verified.body.valid, true, JSON.stringify(verified.body));
  const signedIn = await post(`${url}/api/v2/auth/login`, { email: user.email, password, device_id: "one" });
  assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body));
  await receiver.arrived(1, 20_000);
  assert.equal((await fetch(`${url}/docs`)).status, 200);
  assert.match(
    await (await fetch(`${url}/metrics`)).text(),
    new RegExp(`^latchkey_build_info\\{version="${version}"\\} 1$`, "m"),
  );
  assert.equal((await (await fetch(`${url}/openapi.json`)).json()).info.version, version);

  const health = await Promise.all([
    runTask("health", stores, [], "", { PORT: String(listening.port) }),
    runTask("health", stores, ["--worker"], "", metrics),
  ]);
  assert.deepEqual(health.map(({ code }) => code), [0, 0], JSON.stringify(health));
  await Promise.all([stop(server), stop(worker)]);
  assert.equal((await runTask("health", stores, ["--worker"], "", metrics)).code, 1);
  await receiver.stop();
  await stores.db.end();
});

test("several server processes share a port with the permissions of the task", async () => {
  const stores = await cloneStores();
  const [free] = [Deno.listen({ hostname: "127.0.0.1", port: 0 })];
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  const server = taskCommand("server", stores, { env: { PORT: String(port), PROCESSES: "2" } }).spawn();
  await logged(server, "server listening", 2);
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  await stop(server);
  await stores.db.end();
});

test("migrate, admin and signing-key work with the permissions of their tasks", async () => {
  const stores = await createEmptyDatabase();
  const migrated = await runTask("migrate", stores);
  assert.match(migrated.output, /^Applied 0001/m);
  const link = /\/setup\?token=[\w-]{43}$/m;
  assert.match(migrated.output, link);
  assert.match((await runTask("migrate", stores)).output, /up to date/);
  assert.match((await runTask("admin", stores, ["setup-link"])).output, link);
  const server = taskCommand("server", stores, { env: { PUBLIC_URL: "https://l.example" } }).spawn();
  const [{ setup_url }] = await logged(
    server,
    "no administrator exists: open setup_url to create the first owner",
  );
  assert.match(setup_url, /^https:\/\/l\.example\/setup\?token=[\w-]{43}$/);
  await stop(server);
  const created = await runTask(
    "admin",
    stores,
    ["create", "--email", "owner@example.com", "--name", "Owner"],
    "a long password of the tests",
  );
  assert.equal(created.code, 0);
  assert.match(created.output, /owner@example\.com/);
  assert.doesNotMatch((await runTask("migrate", stores)).output, /setup/);
  assert.equal((await runTask("admin", stores, ["setup-link"])).code, 1);
  const reset = ["reset-password", "--email", "owner@example.com"];
  assert.match((await runTask("admin", stores, reset, "another long password")).output, /new password/);
  assert.match((await runTask("signing-key", stores, ["rotate"])).output, /signs/);
  const examined = await runTask("doctor", stores, ["--json"]);
  assert.equal(examined.code, 1);
  const { ok, findings } = JSON.parse(examined.output);
  assert.equal(ok, false);
  const results = new Map<string, string>(
    findings.map((finding: { check: string; result: string }) => [finding.check, finding.result]),
  );
  for (const check of ["database", "redis", "encryption key", "owners", "disk"]) {
    assert.notEqual(results.get(check), "failure", `${check} ${examined.output}`);
    assert.ok(results.has(check), check);
  }
  assert.match(
    (await runTask("doctor", stores)).output,
    /FAILURE worker .*\n +→ Start one: deno task worker/,
  );
  await stores.db.end();
});

test("backup and restore work with the permissions of their tasks", async () => {
  const [stores, target] = await Promise.all([cloneStores(), createEmptyDatabase()]);
  const folder = `backups/tests-${crypto.randomUUID()}`;
  const outside = await taskCommand("backup", stores, { args: ["/tmp/elsewhere"], stderr: "piped" }).output();
  assert.match(new TextDecoder().decode(outside.stderr), /access to the folders backups, \/backups and/);
  const made = await runTask("backup", stores, [folder, "--keep", "3"]);
  assert.equal(made.code, 0);
  const [path] = made.output.match(/^[^:]+/)!;
  assert.match((await runTask("backup", stores, ["--verify", path])).output, /is good/);
  assert.match((await runTask("restore", target, [path])).output, /^Restored/);
  assert.equal((await runTask("restore", target, [path])).code, 1, "it is not empty any more");
  await Deno.remove(`${root}${folder}`, { recursive: true });

  const env = { ENCRYPTION_KEY: testSecrets.JWT_SECRET, ENCRYPTION_KEY_PREVIOUS: testSecrets.ENCRYPTION_KEY };
  const { stdout } = await taskCommand("encryption-key", target, { args: ["rotate"], env }).output();
  assert.match(new TextDecoder().decode(stdout), /remove it everywhere/);
  await Promise.all([stores.db.end(), target.db.end()]);
});
