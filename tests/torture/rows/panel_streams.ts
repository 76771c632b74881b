// Open panels: what a server keeps of each event and stream, and how long it is busy with them.
import { createAdministrator } from "../../../server/domain/administrators/create.ts";
import { createCustomer } from "../../../server/domain/customers/customers.ts";
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import { createTestSession } from "../../support/administrators.ts";
import { makeLicense } from "../../support/fixtures.ts";
import { eventually } from "../../support/test.ts";
import { heapOfProgram } from "../heap.ts";
import { openPanelReader, type PanelReader, type ReaderKind } from "../panel_readers.ts";
import type { Program } from "../programs.ts";
import type { Outcome, TortureRow } from "../row.ts";
import { type RealSystem, startBreakableSystem, startSystem } from "../system.ts";

const STREAMS = 50;
const EVENTS_PER_SECOND = 60;
const MINUTES = 30;
const STREAMS_PER_SESSION = 10;
const MEGABYTE = 1_000_000;
/** Bytes of an event for a stream; 35 and more where a stream keeps something of what it has sent. */
const MAX_KEPT = 20;
const MAX_MEMORY = 250 * MEGABYTE;
const listeners = ["node", "deno"];

const kinds: ReaderKind[] = [
  { bytesPerSecond: Infinity },
  { bytesPerSecond: Infinity, leaves: true },
  { bytesPerSecond: 16_000 },
  { bytesPerSecond: 500 },
  { bytesPerSecond: 0 },
];

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function openReaders(system: RealSystem, url: string, kinds: ReaderKind[]): Promise<PanelReader[]> {
  const ctx = await system.ctx();
  const { id } = await createAdministrator(ctx, {
    email: `${crypto.randomUUID()}@example.com`,
    name: "Owner",
    role: "owner",
    password: "correct horse battery",
  });
  const sessions = await Promise.all(
    Array.from({ length: STREAMS / STREAMS_PER_SESSION }, () => createTestSession(ctx, id)),
  );
  return Array.from(
    { length: STREAMS },
    (_, n) => openPanelReader(url, sessions[n % sessions.length].token, kinds[n % kinds.length]),
  );
}

/** Bytes that are kept of each event for each stream: two figures of the heap, and a few thousand events between them. */
async function keptBytes(): Promise<Outcome> {
  const ROUNDS = 8;
  const PER_ROUND = 200;
  const system = await startSystem("short");
  const ctx = await system.ctx();
  const first = await makeLicense(ctx);
  const { productId, customerId } = first;
  const licenses = [first];
  while (licenses.length < PER_ROUND) licenses.push(await makeLicense(ctx, { productId, customerId }));
  const ids = licenses.map(({ id }) => id);
  const kept = await Promise.all(listeners.map(async (listener) => {
    const heap = heapOfProgram();
    const server = await system.startServer({ options: heap.options, env: { LISTENER: listener } });
    return { listener, heap, readers: await openReaders(system, server.url, [{ bytesPerSecond: Infinity }]) };
  }));
  const received = (count: number) =>
    eventually(
      () => Promise.resolve(kept.every(({ readers }) => readers.every(({ received }) => received >= count))),
      60_000,
    );
  try {
    // A stream begins with a position.
    await received(1);
    await setLicensesEnabled(ctx, { ids, enabled: false });
    await received(1 + PER_ROUND);
    const before = await Promise.all(kept.map(({ heap }) => heap.used()));
    for (let round = 1; round <= ROUNDS; round++) {
      await setLicensesEnabled(ctx, { ids, enabled: round % 2 === 1 });
      await received(1 + PER_ROUND * (round + 1));
    }
    const after = await Promise.all(kept.map(({ heap }) => heap.used()));
    const figures = Object.fromEntries(
      kept.map(({ listener }, n) => [
        `bytes kept of an event for a stream, ${listener}`,
        Math.round((after[n] - before[n]) / (ROUNDS * PER_ROUND * STREAMS)),
      ]),
    );
    return { held: Object.values(figures).every((bytes) => bytes < MAX_KEPT), figures };
  } finally {
    await Promise.all(kept.flatMap(({ readers }) => readers.map((reader) => reader.close())));
    await system.stop();
  }
}

/** Timers of this process that fire late: the machine is busy. */
function countOwnStalls(): () => number {
  const code = `let due = performance.now() + 100, stalls = 0;
    setInterval(() => {
      const now = performance.now();
      if (now - due > 100) stalls++;
      due = now + 100;
      postMessage(stalls);
    }, 100);`;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), {
    type: "module",
  });
  let stalls = 0;
  worker.onmessage = ({ data }) => stalls = data;
  return () => (worker.terminate(), stalls);
}

async function stallsOf({ url }: Program): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (line: string) => Number(text.match(new RegExp(`^${line} (\\d+)`, "m"))![1]);
  const name = "latchkey_event_loop_delay_seconds";
  return read(`${name}_count`) - read(`${name}_bucket\\{le="0\\.1"\\}`);
}

const fastest = (readers: PanelReader[]) => readers.filter(({ kind }) => kind === kinds[0]);

async function soak(): Promise<Outcome> {
  const system = await startBreakableSystem();
  try {
    const servers = await Promise.all(listeners.map(async (listener) => {
      const server = await system.startServer({ env: { LISTENER: listener } });
      return {
        listener,
        server,
        readers: await openReaders(system, server.url, kinds),
        memory: [] as number[],
      };
    }));
    // Which positions were missed can be said of streams that are open when the first event is recorded.
    await eventually(
      () =>
        Promise.resolve(servers.every(({ readers }) => fastest(readers).every((one) => one.received > 0))),
      60_000,
    );
    const ownStalls = countOwnStalls();
    const stallsAtStart = await Promise.all(servers.map(({ server }) => stallsOf(server)));
    const ctx = await system.ctx();
    const began = performance.now();
    const until = began + MINUTES * 60_000;
    let events = 0;
    const write = async () => {
      while (performance.now() < until) {
        const due = Math.floor((performance.now() - began) / 1000 * EVENTS_PER_SECOND) - events;
        const writing = Array.from(
          { length: Math.min(due, 4) },
          () => createCustomer(ctx, { name: `Customer ${++events}` }),
        );
        await Promise.all(writing);
        if (writing.length === 0) await pause(5);
      }
    };
    const measure = async () => {
      while (performance.now() < until) {
        await pause(5000);
        for (const { server, memory } of servers) memory.push(await server.memory());
      }
    };
    await Promise.all([write(), measure()]);
    await pause(2000);
    const machine = ownStalls();
    const figures: Outcome["figures"] = { events, "late timers of another process": machine };
    let held = events >= MINUTES * 60 * EVENTS_PER_SECOND * 0.95;
    for (const [n, { listener, server, readers, memory }] of servers.entries()) {
      const stalls = await stallsOf(server) - stallsAtStart[n];
      const missed = Math.max(...fastest(readers).map(({ received }) => events + 1 - received));
      // The heap grows until it is collected: the highest values are compared, and not the first minutes.
      const third = Math.floor(memory.length / 3);
      const early = Math.max(...memory.slice(0, third));
      const late = Math.max(...memory.slice(-third));
      const sum = (of: (reader: PanelReader) => number) => readers.reduce((sum, one) => sum + of(one), 0);
      Object.assign(figures, {
        [`${listener}: greatest memory in the first third, MB`]: Math.round(early / MEGABYTE),
        [`${listener}: greatest memory in the last third, MB`]: Math.round(late / MEGABYTE),
        [`${listener}: stalls above 100 ms`]: stalls,
        [`${listener}: streams opened`]: sum(({ opened }) => opened),
        [`${listener}: streams the server ended`]: sum(({ dropped }) => dropped),
        [`${listener}: events that a fast reader missed`]: missed,
      });
      held &&= Math.max(...memory) <= MAX_MEMORY && late <= early * 1.1 && stalls <= machine && missed <= 0;
    }
    await Promise.all(servers.flatMap(({ readers }) => readers.map((reader) => reader.close())));
    return { held, figures };
  } finally {
    await system.stop();
  }
}

export const row: TortureRow = {
  fault: "50 panel streams at 60 events a second for 30 minutes, readers of all speeds",
  reach: "server memory flat and at most 250 MB; no stall above 100 ms",
  when: "long",
  run: (size) => size === "full" ? soak() : keptBytes(),
};
