// Every endpoint and procedure is sent 40 damaged requests, and more until one gets past guards and schemas.
// `deno task fuzz` sends more.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";
import { isReached, runFuzz } from "./fuzz.ts";
import { followFuzz, progressLine } from "./progress.ts";
import { describeFaults } from "./report.ts";

const options = { cases: 40, casesUntilReached: 200, seed: "latchkey" };

/** They take what only a mail or an authenticator has. */
const needSecret = new Set([
  "get /account/link/{token}",
  "get /account/register/{token}",
  "post /account/password/{token}",
  "trpc account.addPasskey",
  "trpc account.reauthenticateWithPasskey",
]);

test("No damaged request to any endpoint or procedure causes a 5xx, hangs or ends without an error form", async () => {
  const { results, faults, rejections } = await runFuzz(options);
  assert.deepEqual(rejections, []);
  if (faults.length > 0) assert.fail(describeFaults(faults, options));
  const unreached = results.filter((result) =>
    result.target.credential && !needSecret.has(result.target.name) && !isReached(result)
  );
  assert.deepEqual(unreached.map(({ target }) => target.name), []);
});

const encoder = new TextEncoder();

function follow(lines: string[], options: { hangs: boolean; silence?: number; total?: number }) {
  const told: string[] = [];
  let end = () => {};
  const output = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      // Lines may arrive in pieces.
      const text = lines.map((line) => `${line}\n`).join("");
      controller.enqueue(encoder.encode(text.slice(0, 30)));
      controller.enqueue(encoder.encode(text.slice(30)));
      end = () => controller.close();
      if (!options.hangs) end();
    },
  });
  const { silence = 60_000, total = 60_000 } = options;
  return followFuzz(output, { silence, total, end: () => end(), progress: (line) => told.push(line) })
    .then((followed) => ({ ...followed, told }));
}

const begun = [
  progressLine({ name: "get /health" }, 0),
  progressLine({ name: "post /api/license/verify" }, 0),
  "get /health: 30 in 0.1 s (200: 30)",
  progressLine({ name: "post /api/license/verify" }, 100),
  progressLine({ name: "post /api/license/verify" }, 200),
];

test("A followed fuzz counts requests and finished targets and ends with its last line", async () => {
  const end = "230 requests to 2 targets, seed x, 1 s of CPU: 0 faults, 0 unhandled rejections";
  const fault = "2 faults of 1 kinds.";
  const followed = await follow([
    ...begun,
    "post /api/license/verify: 250 in 1.5 s (400: 250) 2 FAULTS",
    fault,
    "",
    end,
  ], {
    hangs: false,
  });
  assert.deepEqual(followed, {
    requests: 280,
    finished: 2,
    last: end,
    others: [fault],
    timeOut: null,
    told: ["post /api/license/verify: 250 in 1.5 s (400: 250) 2 FAULTS"],
  });
});

test("A fuzz that hangs is ended, and the time-out names what it was calling", async () => {
  for (const limits of [{ silence: 10 }, { total: 10 }]) {
    const { requests, finished, timeOut } = await follow(begun, { hangs: true, ...limits });
    assert.deepEqual({ requests, finished }, { requests: 230, finished: 1 });
    assert.match(timeOut!, /being called: post \/api\/license\/verify after 200 requests$/);
  }
});
