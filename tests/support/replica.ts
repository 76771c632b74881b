// A migrated PostgreSQL and a streaming replica of it, each with a process and a folder of its own.
import { join } from "node:path";
import { connect } from "../../db/connect.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { migrate } from "../../db/migrate.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { stopAtEnd } from "./test.ts";

/** The same for both: a replica must not have less than its primary. */
const settings = ["wal_level=replica", "max_wal_senders=4", "shared_buffers=16MB"];

type Postgres = Awaited<ReturnType<typeof startPostgres>>;

/** Starts both. The replica follows from the beginning. */
export async function startReplicatedPostgres() {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
  await Deno.chmod(folder, 0o755);
  const [primaryDir, replicaDir] = [join(folder, "primary"), join(folder, "replica")];
  const startPrimary = (port?: number) =>
    startPostgres({
      dir: primaryDir,
      port,
      durable: false,
      settings,
    });
  // A stopped cluster is copied whole: the package brings no pg_basebackup.
  let primary = await startPrimary();
  const db = connect(primary.url, { max: 1, name: "tests", limits: timeLimits.start });
  await migrate(db);
  await db.end();
  await primary.stop();
  const { success } = await new Deno.Command("cp", { args: ["-a", primaryDir, replicaDir] }).output();
  if (!success) throw new Error("The data of PostgreSQL could not be copied.");
  await Deno.writeTextFile(join(replicaDir, "cluster/data/standby.signal"), "");
  primary = await startPrimary(primary.port);

  const { hostname, port, username, password } = new URL(primary.url);
  const startReplica = (ownPort?: number) =>
    startPostgres({
      dir: replicaDir,
      port: ownPort,
      durable: false,
      settings: [
        ...settings,
        `primary_conninfo=host=${hostname} port=${port} user=${username} password=${password}`,
        "wal_retrieve_retry_interval=100ms",
      ],
    });
  let replica: Postgres = await startReplica();
  const stop = stopAtEnd(async () => {
    await Promise.allSettled([replica.stop(), primary.stop()]);
    await Deno.remove(folder, { recursive: true });
  });
  return {
    url: primary.url,
    replicaUrl: replica.url,
    stopReplica: () => replica.stop(),
    async restartReplica() {
      replica = await startReplica(replica.port);
    },
    stop,
  };
}
