// The log never blocks or stops the process: with a slow reader, a closed pipe, or data that cannot be serialised.
import assert from "node:assert/strict";
import { openLog } from "../../server/request/log.ts";
import { test } from "../support/test.ts";

const module = new URL("../../server/request/log.ts", import.meta.url).href;

/** Starts a process that logs 20 MB, more than pipe and log buffer hold, and then reports that it is still running. */
function startLogging(): Deno.ChildProcess {
  const program = `
    import { openLog } from "${module}";
    const log = openLog("info");
    for (let n = 0; n < 20_000; n++) {
      log.info("x".repeat(1000));
      if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    await log.flush();
    await Deno.stderr.write(new TextEncoder().encode("alive"));
    Deno.exit(0);`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", "--no-check", program],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

test("a reader that reads nothing does not block the process", async () => {
  const child = startLogging();
  assert.match(await new Response(child.stderr).text(), /alive/);
  assert.equal((await child.status).code, 0);
  await child.stdout.cancel();
});

test("a closed pipe does not end the process", async () => {
  const child = startLogging();
  await child.stdout.cancel();
  assert.match(await new Response(child.stderr).text(), /alive/);
  assert.equal((await child.status).code, 0);
});

test("values that JSON cannot express are omitted", () => {
  let lines = "";
  const log = openLog("info", (written) => lines += written);
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  log.info("circular", circular);
  log.info("a big one", { n: 1n });
  log.flush();
  assert.deepEqual(lines.trim().split("\n").map((line) => JSON.parse(line).message), [
    "circular",
    "a big one",
  ]);
});
