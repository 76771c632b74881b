// The log never blocks or stops the process: with a slow reader, a closed pipe, or data that cannot be serialised.
import assert from "node:assert/strict";
import { openLog } from "../../server/request/log.ts";
import { createLogWriter } from "../../server/request/log_writer.ts";
import { eventually, test } from "../support/test.ts";

const module = new URL("../../server/request/log.ts", import.meta.url).href;
const writer = new URL("../../server/request/log_writer.ts", import.meta.url).href;

/** Starts a process that logs 20 MB, more than pipe and log buffer hold, and then reports that it is still running. */
function startLogging(output = "/dev/stdout"): Deno.ChildProcess {
  const program = `
    import { captureConsole, openLog } from "${module}";
    import { droppedLines } from "${writer}";
    const log = openLog("info");
    captureConsole(log);
    for (let n = 0; n < 20_000; n++) {
      if (n % 2) log.info("x".repeat(1000));
      else console.error("%s", "x".repeat(1000));
      if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    await log.flush();
    await Deno.stderr.write(new TextEncoder().encode(\`alive, \${droppedLines()} dropped\`));
    Deno.exit(0);`;
  return new Deno.Command("/bin/sh", {
    args: ["-c", `exec "$0" "$@" > ${output}`, Deno.execPath(), "eval", "--ext=ts", "--no-check", program],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What the process reports in the end. */
async function endOf(child: Deno.ChildProcess): Promise<string> {
  const text = await new Response(child.stderr).text();
  assert.equal((await child.status).code, 0);
  return text;
}

test("a reader that reads nothing does not block the process, and the lines it misses are counted", async () => {
  const child = startLogging();
  assert.match(await endOf(child), /^alive, [1-9]\d{3,} dropped$/);
  await child.stdout.cancel();
});

test("a closed pipe does not end the process", async () => {
  const child = startLogging();
  await child.stdout.cancel();
  assert.match(await endOf(child), /^alive, [1-9]\d{3,} dropped$/);
});

test("a full disk does not end the process", async () => {
  const child = startLogging("/dev/full");
  await child.stdout.cancel();
  assert.match(await endOf(child), /^alive, [1-9]\d{3,} dropped$/);
});

test("after a failure the log goes on where it stopped, tears no line and says how many it dropped", async () => {
  let output = "";
  let room = 7;
  const take = (bytes: Uint8Array) => {
    if (room === 0) return Promise.reject(new Error("No space left on device"));
    const taken = bytes.subarray(0, room);
    room -= taken.length;
    output += new TextDecoder().decode(taken);
    return Promise.resolve(taken.length);
  };
  const log = createLogWriter(take, { maxPending: 20, retryAfter: 1 });
  log.write("first 1\nfirst 2\n");
  await log.drain();
  assert.equal(output, "first 1");
  log.write("second\n");
  log.write("dropped 1\ndropped 2\n");
  assert.equal(log.dropped, 2);
  room = 1000;
  await eventually(() => Promise.resolve(output.includes("lines dropped")));
  const lines = output.trim().split("\n");
  assert.deepEqual(lines.slice(0, 2), ["first 1", "first 2"]);
  assert.ok(lines.includes("second"));
  const notice = JSON.parse(lines.find((line) => line.startsWith("{"))!);
  assert.deepEqual([notice.message, notice.lines, notice.level], ["log lines dropped", 2, "warn"]);
  log.write("third\n");
  await log.drain();
  assert.match(output, /\nthird\n$/);
});

test("the end of a process does not wait for a log that cannot be written", async () => {
  const never = createLogWriter(() => Promise.reject(new Error("gone")));
  never.write("lost\n");
  await never.drain();
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
