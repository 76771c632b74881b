// A program logs an uncaught error and ends with an exit code, so that a supervisor starts it again.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";

const signals = new URL("../../server/signals.ts", import.meta.url).href;
const log = new URL("../../server/request/log.ts", import.meta.url).href;

for (
  const [kind, code] of [
    ["rejection", "Promise.reject(new Error('lost'))"],
    ["exception", "setTimeout(() => { throw new Error('lost'); })"],
    ["value", "Promise.reject('lost')"],
  ]
) {
  test(`an uncaught ${kind} is logged and ends the program`, async () => {
    const program = `
      import { exitOnUncaught } from ${JSON.stringify(signals)};
      import { openLog } from ${JSON.stringify(log)};
      exitOnUncaught(openLog("info"));
      ${code};
      setInterval(() => {}, 1000);`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", program],
      cwd: new URL("../..", import.meta.url),
      stdout: "piped",
      stderr: "piped",
    });
    const { code: exit, stdout, stderr } = await child.output();
    assert.equal(exit, 70, new TextDecoder().decode(stderr));
    const entry = JSON.parse(new TextDecoder().decode(stdout).trim());
    assert.deepEqual([entry.level, entry.message], ["error", "uncaught error: the process ends"]);
    assert.match(JSON.stringify(entry), /lost/);
  });
}

test("server and worker end on uncaught errors", async () => {
  for (const path of ["server/server_process.ts", "worker/main.ts"]) {
    const source = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
    assert.match(source, /exitOnUncaught\(log\)/, path);
  }
});
