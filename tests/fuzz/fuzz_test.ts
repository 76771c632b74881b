// Every endpoint and procedure is sent 120 damaged requests. `deno task fuzz` sends more.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";
import { runFuzz } from "./fuzz.ts";
import { describeFaults } from "./report.ts";

const options = { cases: 120, seed: "latchkey" };

/** They take what only a mail or an authenticator has. */
const needSecret = new Set([
  "get /account/link/{token}",
  "get /account/register/{token}",
  "post /account/password/{token}",
  "trpc account.addPasskey",
]);

test("No damaged request to any endpoint or procedure causes a 5xx, hangs or ends without an error form", async () => {
  const { results, faults, rejections } = await runFuzz(options);
  assert.deepEqual(rejections, []);
  if (faults.length > 0) assert.fail(describeFaults(faults, options));
  // Requests that are all refused by guards and schemas would show nothing of the verbs.
  const isReached = (status: number) => status >= 200 && status < 400 || status === 404 || status === 409;
  const unreached = results.filter(({ target, statuses }) =>
    target.credential && !needSecret.has(target.name) && ![...statuses.keys()].some(isReached)
  );
  assert.deepEqual(unreached.map(({ target }) => target.name), []);
});
