// `deno task standalone`: the first start makes databases, secrets and a setup link, later ones keep everything, commands
// reach the running system, and a second one on the same folder is refused.
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../db/embedded/free_port.ts";
import { test } from "../support/test.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
// When started by root, PostgreSQL runs under another account, which needs read access to the folder.
await Deno.chmod(folder, 0o755);
// A Redis that had to be downloaded for the tests is used here as well.
await Deno.mkdir(resolve(root, ".data/programs"), { recursive: true });
await Deno.symlink(resolve(root, ".data/programs"), join(folder, "programs"));
const port = freePort();

function run(file: string, env: Record<string, string>, args: string[] = []): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", file, ...args],
    cwd: root,
    env: { HOST: "127.0.0.1", DATA_DIR: folder, LOG_LEVEL: "off", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Starts it, waits until it is up and uses it; then ends it by SIGTERM. Returns its exit code. */
async function whileRunning(use: (output: string) => Promise<void>): Promise<number> {
  const child = run("server/standalone.ts", { PORT: String(port) });
  child.stdout.cancel();
  let output = "";
  let isUp = () => {};
  const up = new Promise<void>((resolve) => isUp = resolve);
  const reading = (async () => {
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      output += piece;
      if (output.includes("Latchkey is up")) isUp();
    }
    isUp();
  })();
  await up;
  try {
    await use(output);
  } finally {
    child.kill("SIGTERM");
    await reading;
  }
  return (await child.status).code;
}

let secrets = "";

test("the first start makes the databases and the secrets, and a command creates an owner", async () => {
  const code = await whileRunning(async (output) => {
    assert.match(output, /Latchkey is up at http:\/\/localhost:\d+; its data is in /, output);
    const { checks } = await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json();
    assert.deepEqual([checks.database.ok, checks.redis.ok], [true, true]);
    secrets = await Deno.readTextFile(join(folder, "secrets.json"));
    assert.equal((await Deno.stat(join(folder, "secrets.json"))).mode! & 0o777, 0o600);

    const settings = await Deno.readTextFile(join(folder, "environment"));
    const env = Object.fromEntries(
      [...settings.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
    );
    const { code, stderr } = await run("cli/latchkey_main.ts", env, ["admin", "setup-link"]).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));

    const second = await run("server/standalone.ts", { PORT: String(freePort()) }).output();
    assert.equal(second.code, 1);
    assert.match(new TextDecoder().decode(second.stderr), /uses|in use|running/i);
  });
  assert.equal(code, 0);
});

test("a later start keeps data and secrets", async () => {
  const code = await whileRunning(async (output) => {
    assert.doesNotMatch(output, /Applied/);
    assert.equal(await Deno.readTextFile(join(folder, "secrets.json")), secrets);
  });
  assert.equal(code, 0);
  await Deno.remove(folder, { recursive: true });
});
