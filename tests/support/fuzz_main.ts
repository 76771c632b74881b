// `deno task fuzz [cases each] [seed] [part of a name] [--share=1/2]`: damaged requests to every endpoint and procedure, or
// to those with that part in their name, or to one share of them. The same seed sends the same requests.
import process from "node:process";
import { parseArgs } from "node:util";
import { buildPanel } from "../../web/build.ts";
import { progressLine } from "../fuzz/progress.ts";
import { describeFaults } from "../fuzz/report.ts";
import { shareStores, startTemporaryStores } from "./temporary_stores.ts";

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    share: { type: "string", default: "1/1" },
    /** Set by a process that follows the lines. */
    follow: { type: "boolean" },
  },
});
const [cases = "10000", seed = crypto.randomUUID().slice(0, 8), only = ""] = positionals;
const [share, shares] = values.share.split("/").map(Number);
const options = { cases: Number(cases), seed, only, share, shares };
const [stores] = await Promise.all([startTemporaryStores(), buildPanel()]);
let code = 1;
try {
  shareStores(stores);
  const { runFuzz } = await import("../fuzz/fuzz.ts");
  const before = process.cpuUsage();
  const { results, faults, rejections } = await runFuzz(options, {
    sent(target, count) {
      if (values.follow) console.log(progressLine(target, count));
    },
    ended({ target, sent, seconds, statuses, faults }) {
      const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
      console.log(
        `${target.name}: ${sent} in ${seconds.toFixed(1)} s (${counts.join(", ")})` +
          (faults.length > 0 ? ` ${faults.length} FAULTS` : ""),
      );
    },
  });
  const { user, system } = process.cpuUsage(before);
  const sent = results.reduce((sum, result) => sum + result.sent, 0);
  if (faults.length > 0) console.log(describeFaults(faults, options));
  for (const rejection of rejections) console.log(`Unhandled rejection: ${rejection}`);
  console.log(
    `\n${sent} requests to ${results.length} targets, seed ${seed}, ${
      Math.round((user + system) / 1e6)
    } s of CPU: ` +
      `${faults.length} faults, ${rejections.length} unhandled rejections`,
  );
  code = faults.length + rejections.length > 0 ? 1 : 0;
} catch (error) {
  console.log(error instanceof Error ? error.stack ?? error.message : error);
} finally {
  await stores.stop();
}
Deno.exit(code);
