// Verification with keys drawn from the whole data set, against the same from 10,000 of them.
import type { Database } from "../../../db/connect.ts";
import type { LoadRequest } from "../load_generator.ts";
import type { RunningProgram } from "../bench_environment.ts";
import { measure, measureInTurn, type Round, type Subject } from "../measure.ts";

const FEW = 10_000;
/** How long a part of the warm-up takes; seconds. */
const WARM_UP_PART = 20;

export interface VerifyAtScale {
  /** The keys of valid licenses that have an active machine. */
  keys: number;
  all: Round;
  few: Round;
  memoryMegabytes: number;
}

/** The first machine of each valid license without meters, in an order that follows from the key. */
async function listMachines(db: Database): Promise<LoadRequest[]> {
  const rows = await db<{ key: string; hardwareId: string }[]>`
    select l.key, md5('machine ' || l.id * 1000 + 1) as hardware_id
    from licenses l
    where l.deleted_at is null and l.is_active and l.valid_from <= current_date
      and coalesce(l.valid_until, 'infinity') >= current_date + 1 and l.activations_in_use > 0
      and l.meters = '{}'
    order by l.key_digest`;
  return rows.map(({ key, hardwareId }) => ({
    body: JSON.stringify({ license_key: key, hardware_hash: hardwareId, app_version: "4.4.0" }),
  }));
}

/** Measures both in turn, after every key was verified once. */
export async function measureVerify(
  db: Database,
  server: RunningProgram,
  apiKey: string,
  { seconds, rounds }: { seconds: number; rounds: number },
  print: (line: string) => void,
): Promise<VerifyAtScale> {
  const machines = await listMachines(db);
  let sent = 0;
  const subject = (name: string, requests: LoadRequest[]): Subject => ({
    name,
    program: server,
    prepare: () => ({
      url: `${server.url}/api/license/verify`,
      headers: { "X-API-Key": apiKey },
      requests,
      start: sent,
      connections: 32,
    }),
  });
  const all = subject("from all", machines);
  const few = subject("from 10,000", machines.slice(0, FEW));
  while (sent < machines.length) {
    const { requests, failed, requestsPerSecond } = await measure(all, Math.min(WARM_UP_PART, seconds * 4));
    if (failed > 0 || requests === 0) throw new Error(`${failed} of ${requests} verifications failed`);
    sent += requests;
    print(`  warming up: ${sent} of ${machines.length} keys, ${Math.round(requestsPerSecond)}/s`);
  }
  const [ofAll, ofFew] = await measureInTurn([all, few], { rounds, seconds, warmUp: seconds });
  return {
    keys: machines.length,
    all: ofAll,
    few: ofFew,
    memoryMegabytes: Math.round(await server.memory() / 2 ** 20),
  };
}
