// Tables and streams on the command line: imports with errors and by a job, exports, events that are followed while the
// server is away, webhooks that are sent again.
import assert from "node:assert/strict";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { Shell } from "../support/command_line.ts";
import { startReceiver } from "../support/receiver.ts";
import { startTestServer } from "../support/server.ts";
import { stopAtEnd, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const variables = { WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8" };
const server = await startTestServer(variables);
const owner = await makeAdministrator(server, "owner");
const shell = new Shell({ LATCHKEY_URL: server.url, LATCHKEY_TOKEN: owner.token });
const latchkey = (...args: string[]) => shell.run(args);
const fileOf = (name: string) => `${shell.folder}/${name}`;
const write = (name: string, text: string) => Deno.writeTextFile(fileOf(name), text);

test("a table is checked, imported, and its rows with errors are written to a file to be corrected", async () => {
  await write("customers.csv", "Name,Email\nOne,one@example.com\nTwo,wrong\n,three@example.com\n");
  const checked = await latchkey("customers", "import", "customers.csv", "--dry-run");
  assert.deepEqual([checked.code, checked.out.slice(0, 34)], [1, "A dry run, nothing was saved: 3 ro"]);
  assert.match(checked.err, /^Line 3, Email: is not an email address$/m);
  const imported = await latchkey(
    "customers",
    "import",
    "customers.csv",
    "--invalid-rows",
    "wrong.csv",
    "--json",
  );
  assert.deepEqual([imported.code, imported.json.imported, imported.json.failed], [1, 1, 2]);
  const wrong = await Deno.readTextFile(fileOf("wrong.csv"));
  assert.match(wrong, /Two,wrong,/);
  const corrected = wrong.replace("wrong", "two@example.com").replace(/\n.*three@example\.com.*/, "");
  const again = await shell.run(["customers", "import"], corrected);
  assert.deepEqual([again.code, again.err], [0, ""], again.out);
  assert.match(again.out, /^1 rows, 1 saved/);
  const [missing, outside] = await Promise.all([
    latchkey("customers", "import", "nothing.csv"),
    latchkey("customers", "import", "/etc/hostname"),
  ]);
  assert.match(missing.err, /There is no file .*nothing\.csv/);
  assert.match(outside.err, /→ Files are read and written in the folder in which the command is called/);
});

test("an export is a file or standard output, with the filters of the list", async () => {
  const [csv, xlsx, one] = await Promise.all([
    latchkey("customers", "export", "--output", "all.csv"),
    latchkey("customers", "export", "--output", "all.xlsx", "--json"),
    latchkey("customers", "export", "one@example.com"),
  ]);
  assert.deepEqual([csv.code, xlsx.json.format], [0, "xlsx"], csv.err + xlsx.err);
  assert.match(await Deno.readTextFile(fileOf("all.csv")), /two@example\.com/);
  assert.equal(xlsx.json.bytes, (await Deno.stat(fileOf("all.xlsx"))).size);
  assert.match(one.out, /one@example\.com/);
  assert.doesNotMatch(one.out, /two@example\.com/);
});

test("a large table is imported by a job, which is waited for", async () => {
  const worker = await startTestWorker(server, variables);
  const rows = Array.from({ length: 3000 }, (_, n) => `Large ${n},large${n}@example.com,${"x".repeat(400)}`);
  await write("large.csv", ["Name,Email,Notes", ...rows].join("\n"));
  const { code, json, err } = await latchkey("customers", "import", "large.csv", "--json");
  assert.deepEqual([code, json.rows, json.imported], [0, 3000, 3000], err);
  await worker.stop();
});

test("events are followed once each, also while the server is away", async () => {
  const { port } = new URL(server.url);
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  let proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, forward);
  const own = proxy.addr.port;
  const child = shell.command(
    ["events", "tail", "--type", "product.created", "--count", "3", "--json"],
    { LATCHKEY_URL: `http://127.0.0.1:${own}` },
  ).spawn();
  await child.stdin.close();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const said = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const killed = setTimeout(() => child.kill("SIGKILL"), 60_000);
  await makeProduct(await server.ctx(), "before");
  // What is created after the first look is found by the next one.
  await looked.promise;
  await makeProduct(await server.ctx(), "first");
  const text = async () => (await lines.read()).value ?? "";
  assert.match(await text(), /"first"/);
  await proxy.shutdown();
  await makeProduct(await server.ctx(), "second");
  assert.match((await said.read()).value ?? "", /cannot be reached.* Trying again in 1 s\./);
  proxy = Deno.serve({ hostname: "127.0.0.1", port: own, onListen() {} }, forward);
  assert.match(await text(), /"second"/);
  await makeProduct(await server.ctx(), "third");
  assert.match(await text(), /"third"/);
  assert.equal((await child.status).code, 0);
  clearTimeout(killed);
  await Promise.all([lines.cancel(), said.cancel(), proxy.shutdown()]);
  const since = await latchkey(
    "events",
    "tail",
    "--since",
    "1h",
    "--type",
    "product.created",
    "--count",
    "4",
  );
  assert.equal(since.out.trim().split("\n").length, 4);

  function forward(request: Request): Promise<Response> {
    const url = new URL(request.url);
    url.port = port;
    if (url.searchParams.has("since") && ++looks === 2) looked.resolve();
    return fetch(url, { headers: request.headers });
  }
});

test("a webhook is created, and events are sent to it again", async () => {
  for (const customer of ["one", "two"]) {
    await makeLicense(await server.ctx(), {
      customer: { name: customer, email: `${customer}@license.example` },
    });
  }
  const receiver = await startReceiver();
  stopAtEnd(() => receiver.stop());
  const created = await latchkey(
    ...["webhooks", "create", "--endpoint", receiver.url, "--event-types", "license.created", "--json"],
  );
  assert.equal(created.code, 0, created.err);
  receiver.secret = created.json.secret;
  const replayed = await latchkey("webhooks", "replay", receiver.url, "--since", "1h");
  assert.deepEqual([replayed.code, replayed.out], [0, "2 deliveries are on their way.\n"], replayed.err);
  const deliveries = await latchkey("webhooks", "deliveries", String(created.json.id), "--json");
  assert.equal(deliveries.json.rows.length, 2);
  const disabled = await latchkey("webhooks", "disable", receiver.url);
  assert.match(disabled.out, /^is_active +false$/m);
});

test("the server stops", async () => {
  await shell.remove();
  await server.stop();
});
