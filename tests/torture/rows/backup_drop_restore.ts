// A large system is backed up under load, and restored into another cluster; and a cluster is recovered to an instant.
import { digestTables } from "../../../cli/backup/verify_backup.ts";
import { activateLicense } from "../../../server/domain/activations/activate.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { backupFolder, backupKey, restore } from "../../support/backups.ts";
import { post } from "../answers.ts";
import { recoverToInstant } from "../point_in_time.ts";
import type { TortureRow } from "../row.ts";
import { startBreakableSystem } from "../system.ts";

const LICENSES = 100_000;
const MACHINES = 5;
const MAX_MEMORY = 250_000_000;

export const row: TortureRow = {
  fault: "backup under load, drop, restore into another cluster; recovery to the instant before a mistake",
  reach:
    "every row back; revoked keys stay revoked; sent webhooks are not sent again under a new id; memory flat",
  coveredBy: ["tests/cli/backup_test.ts", "tests/cli/restore_drill_test.ts"],
  async run() {
    const system = await startBreakableSystem();
    const target = await startBreakableSystem();
    const folder = backupFolder();
    try {
      const { keys, hardwareOf } = await loadLicenses(system.db, LICENSES, MACHINES);
      const server = await system.startServer();

      let isDone = false;
      const writing = (async () => {
        const ctx = await system.ctx();
        for (let n = 0; !isDone; n++) {
          const machine = { hardwareId: `during ${n}`, machineName: null, appVersion: null };
          await activateLicense(ctx, { licenseKey: keys[n % keys.length], ...machine });
        }
      })();
      const busy = await runTask(["cli/latchkey_main.ts", "backup", folder], system.databaseUrl);
      isDone = true;
      await writing;
      const checked = await runTask(
        ["cli/latchkey_main.ts", "backup", "--verify", busy.path],
        system.databaseUrl,
      );

      await server.stop();
      // A backup notes afterwards when it was made.
      const before = await digestTables(system.db);
      const quiet = await runTask(["cli/latchkey_main.ts", "backup", folder], system.databaseUrl);
      await target.db`
        drop schema public cascade`;
      await target.db`
        create schema public`;
      const began = performance.now();

      const restored = await restore(target, quiet.path, { keepSignIns: true, redisUrl: target.redisUrl });
      const seconds = (performance.now() - began) / 1000;
      const after = await digestTables(target.db);
      // The restore itself is an event.
      const differing = before.filter(({ name, rows, sha256 }) =>
        !after.some((table) =>
          table.name === name && (name === "events" ? table.rows === rows + 1 : table.sha256 === sha256)
        )
      ).map(({ name }) => name);
      const again = await target.startServer();
      const answer = await post(`${again.url}/api/license/verify`, system.headers, {
        license_key: keys[0],
        hardware_hash: hardwareOf(keys[0], 1),
      });
      const { valid } = await answer.json();
      const instant = await recoverToInstant();
      const memory = Math.max(busy.memory, quiet.memory, checked.memory);
      return {
        held: busy.code === 0 && checked.code === 0 && quiet.code === 0 && differing.length === 0 &&
          valid === true &&
          memory <= MAX_MEMORY && instant.found === instant.expected,
        figures: {
          "rows": restored.rows ?? 0,
          "backup s": busy.seconds,
          "backup MB": Math.round((await Deno.stat(busy.path)).size / 1e6),
          "verify s": checked.seconds,
          "restore s": Math.round(seconds),
          "highest memory MB": Math.round(memory / 1e6),
          "differing tables": differing.join(", ") || "none",
          "verify after restore": String(valid),
          "recovered to an instant": `${instant.found} of ${instant.expected} customers in ${
            instant.seconds.toFixed(1)
          } s`,
        },
      };
    } finally {
      await system.stop();
      await target.stop();
    }
  },
};

/** Runs a command and watches its memory. */
async function runTask(args: string[], databaseUrl: string) {
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", ...args],
    env: { DATABASE_URL: databaseUrl, BACKUP_KEY: backupKey },
    stdout: "piped",
  }).spawn();
  let memory = 0;
  const timer = setInterval(async () => {
    const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
    memory = Math.max(memory, Number(status.match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) * 1024);
  }, 100);
  const { code, stdout } = await child.output();
  clearInterval(timer);
  const path = new TextDecoder().decode(stdout).match(/^[^:\n]*\.age/)?.[0] ?? "";
  return { code, path, memory, seconds: Math.round((performance.now() - began) / 1000) };
}
