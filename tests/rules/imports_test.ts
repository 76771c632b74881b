// Rules 1 and 2: imports run one way, from the doors to the domain to the floor it stands on, and inside the domain
// from later rooms to earlier ones.
import { test } from "../support/test.ts";
import { assertNone, code, find, type Import, imports, under, withoutComments } from "./source.ts";

const doors = ["server/dialects/", "server/admin/", "server/trpc/", "worker/"];
const inDomain = under("server/domain/");

/**
 * The rooms of the domain. A room imports itself and rooms of the lines above its own, never one beside it; a new room
 * gets a place here. (A room is a folder, or a file that stands alone.)
 */
const order = [
  ["refusals"],
  ["conflicts", "inputs", "network"],
  ["context"],
  ["events", "listing", "mail", "idempotency", "milestones"],
  ["settings", "changes", "event_readers", "history", "job_cursors", "jobs", "sheets", "timeline"],
  ["customers", "products"],
  ["releases"],
  ["catalogue", "licenses"],
  ["activations"],
  ["administrators"],
  ["accounts", "resources", "leads", "anomalies"],
  ["allocation", "usage", "statistics", "search", "monitoring"],
  ["webhooks"],
  ["system"],
];

/** Imports against the order, each with its reason. Only types may be imported so. */
const upward: Record<string, string> = {
  "server/domain/context.ts -> server/domain/settings.ts":
    "a context carries the settings, and knows none of them",
};

/**
 * Who else speaks a dialect, and in which of its files its words are: the format of errors, fields, wire functions. The
 * first document has the house's own calls and the administration's in it, so they are written in its words.
 */
const speakers: Record<string, string[]> = {
  license_api: ["server/rest/admin/", "server/rest/server_calls.ts", "server/rest/docs.ts"],
};
const words = /\/(dialect|fields|wire)\.ts$/;

function roomOf(path: string): string {
  return path.replace("server/domain/", "").replace(/\/.*|\.ts$/, "");
}

function show({ from, line, to }: Import): string {
  return `${from}:${line} imports ${to}`;
}

function assertImports(rule: string, breaks: (entry: Import) => boolean): void {
  assertNone(imports.filter(breaks).map(show), rule);
}

test("every import of a file of ours names a file that is there", () => {
  const known = new Set(code.map(({ path }) => path));
  assertImports(
    "Correct the path:",
    ({ to }) => /^(db|server|worker|tests)\/.*\.tsx?$/.test(to) && !known.has(to),
  );
});

test("db imports nothing but itself", () => {
  assertImports(
    "db is the floor. Hand in what it needs as an argument:",
    ({ from, to }) => under("db/")(from) && under("server/", "worker/", "web/", "tests/")(to),
  );
});

test("the domain imports db and itself, and nothing else of ours", () => {
  assertImports(
    "The domain is handed what it needs in its context:",
    ({ from, to }) => inDomain(from) && !inDomain(to) && under("server/", "worker/", "web/", "tests/")(to),
  );
});

test("the domain imports no Hono, no tRPC, no Redis, no BullMQ", () => {
  assertImports(
    "Transport belongs to a door; hand in what the domain needs:",
    ({ from, to }) =>
      inDomain(from) && /^(hono|@hono\/.*|@trpc\/.*|ioredis|bullmq|node:https?|node:net)\b/.test(to),
  );
});

test("the domain knows no clock and no environment", () => {
  const forbidden =
    /\bDeno\.env\b|\bprocess\.env\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b|\bset(?:Timeout|Interval)\(|(?<!pg_catalog\.)\b(?:now|clock_timestamp|statement_timestamp)\(\)|\bcurrent_(?:date|timestamp)\b/g;
  assertNone(
    code.filter(({ path }) => inDomain(path)).flatMap((source) => find(withoutComments(source), forbidden))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Take the instant from ctx.now, and settings from ctx.settings:",
  );
});

test("no door leads to another door", () => {
  const doorOf = (path: string) => doors.find((door) => path.startsWith(door));
  const broken: string[] = [];
  for (const { path } of code) {
    const door = doorOf(path);
    if (!door) continue;
    for (const way of waysFrom(path)) {
      const passed = way.slice(1).map(doorOf);
      // Told where the door is left, and once: a way goes on from there through files that are in no door.
      if (passed.at(-1) && passed.at(-1) !== door && !passed.slice(0, -1).some(Boolean)) {
        broken.push(way.join(" -> "));
      }
    }
  }
  assertNone(broken, "What two doors need belongs into the domain, or into server/ beside them:");
});

test("no dialect knows another, and what they share knows none", () => {
  const dialectOf = (path: string) => path.match(/^server\/rest\/(\w+)\//)?.[1];
  assertImports(
    "Move what several need up into server/rest:",
    ({ from, to }) => {
      const dialect = dialectOf(to);
      if (!from.startsWith("server/rest/") || dialect === undefined || dialect === dialectOf(from)) {
        return false;
      }
      return !(words.test(to) && under(...speakers[dialect] ?? [])(from));
    },
  );
});

test("web imports nothing of the server but types and the schemas of inputs", () => {
  const inputs = (path: string) => /^server\/domain\/(\w+\/inputs|input_fields|list_inputs)\.ts$/.test(path);
  assertImports(
    "Write `import type`, or ask through tRPC:",
    ({ from, to, onlyTypes }) =>
      under("web/")(from) &&
      (under("db/", "worker/")(to) || under("server/")(to) && !onlyTypes && !inputs(to)),
  );
});

test("the schemas of inputs import nothing that a browser has not", () => {
  const inputs = (path: string) => /^server\/domain\/(\w+\/inputs|input_fields|list_inputs)\.ts$/.test(path);
  assertImports(
    "What the panel checks by, too, stands alone:",
    ({ from, to }) => inputs(from) && !inputs(to) && to !== "zod",
  );
});

test("programs are imported by nobody, and tests by tests alone", () => {
  assertImports(
    "Move what is needed into a file of its own:",
    ({ from, to }) =>
      /^(db|server|worker|tests)\/(.*\/)?(main|dev|run|\w+_main)\.ts$/.test(to) ||
      under("tests/")(to) && !under("tests/")(from),
  );
});

test("every room of the domain has a place in the order", () => {
  const placed = new Set(order.flat());
  const rooms = new Set(code.filter(({ path }) => inDomain(path)).map(({ path }) => roomOf(path)));
  assertNone(
    [...rooms].filter((room) => !placed.has(room)).map((room) => `server/domain/${room}`),
    "Give these rooms a place in the order in tests/rules/imports_test.ts:",
  );
});

test("inside the domain imports run from later rooms to earlier ones", () => {
  const floorOf = (path: string) => order.findIndex((rooms) => rooms.includes(roomOf(path)));
  assertImports(
    "A room knows only rooms above it in the order in tests/rules/imports_test.ts. Move what both need up:",
    ({ from, to, onlyTypes }) =>
      inDomain(from) && inDomain(to) && roomOf(from) !== roomOf(to) && floorOf(to) >= floorOf(from) &&
      !(onlyTypes && `${from} -> ${to}` in upward),
  );
});

test("no noun of the domain knows who listens", () => {
  assertImports(
    "Record an event instead; the worker tells the webhooks:",
    ({ from, to }) =>
      inDomain(from) && !under("server/domain/webhooks/")(from) && under("server/domain/webhooks/")(to),
  );
});

test("every exception to the order is still needed", () => {
  const made = new Set(imports.map(({ from, to }) => `${from} -> ${to}`));
  assertNone(Object.keys(upward).filter((entry) => !made.has(entry)), "Take these out of `upward`:");
});

test("imports go round in no circle", () => {
  const broken = new Set<string>();
  for (const { path } of code) {
    const circle = waysFrom(path).find((way) => targetsOf(way.at(-1)!).includes(path));
    // A circle is found from each of its files; it is told once, from the first.
    if (circle && circle.toSorted()[0] === path) broken.add([...circle, path].join(" -> "));
  }
  assertNone([...broken], "Move what both sides need into a file of its own:");
});

const targets = new Map<string, string[]>(code.map(({ path }) => [path, []]));
for (const { from, to } of imports) {
  if (targets.has(to) && !(`${from} -> ${to}` in upward)) targets.get(from)!.push(to);
}

function targetsOf(path: string): string[] {
  return targets.get(path)!;
}

/** The shortest way of imports to every file that can be reached, the file itself included. */
function waysFrom(path: string): string[][] {
  const ways = [[path]];
  const seen = new Set([path]);
  for (const way of ways) {
    for (const next of targetsOf(way.at(-1)!)) {
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return ways;
}
