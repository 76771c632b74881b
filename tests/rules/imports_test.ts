// Architecture rule 1: imports run one way, db ← server/domain ← server/request ← adapters ← programs, adapters never
// import each other, and nothing imports in a circle.
import { test } from "../support/test.ts";
import { assertNone, code, find, type Import, imports, under, withoutComments } from "./source.ts";

/** Layers from the lowest to the highest. A file imports its own layer and lower ones. */
const layers: { name: string; paths: string[] }[] = [
  { name: "database", paths: ["db/"] },
  { name: "domain", paths: ["server/domain/"] },
  {
    name: "request pipeline",
    paths: [
      "server/request/",
      "server/config.ts",
      "server/identity_provider_config.ts",
      "server/process_settings.ts",
      "server/secret_strength.ts",
      "server/version.ts",
      "server/demo_credentials.ts",
      "server/setup_link.ts",
      "server/start_check.ts",
    ],
  },
  {
    name: "adapters",
    paths: [
      ...new Set(code.flatMap(({ path }) => path.match(/^server\/dialects\/\w+\//) ?? [])),
      "server/admin/",
      "server/trpc/",
      "server/operations/",
      "server/pages/",
      "worker/",
    ],
  },
  {
    name: "programs",
    paths: [
      "server/dialects/all.ts",
      "server/app.ts",
      "server/api_description.ts",
      "server/serve.ts",
      "server/main.ts",
      "server/processes.ts",
      "server/server_process.ts",
      "server/runtime_options.ts",
      "server/dev.ts",
      "server/standalone.ts",
      "server/embedded_stores.ts",
      "server/data_folder.ts",
      "server/demo/",
      "worker/main.ts",
      "cli/",
    ],
  },
];

const adapters = layers.find(({ name }) => name === "adapters")!.paths;
const inDomain = under("server/domain/");
/** Schemas of input, which the panel's forms use as well, and what they read text and dates with. */
const inputs = (path: string) =>
  /^server\/domain\/(?:\w+\/inputs|input_fields|list_inputs|metadata|named_values|text|calendar|version_order|policy\/terms|policy\/version_range|email_address|licenses\/pasted_key|sheets\/csv_cells)\.ts$/
    .test(path);
/** What the panel knows of events; data without an import of the server. */
const panelEvents = under("server/domain/events/catalogue/", "server/domain/events/panel.ts");

/** The layer whose path names a file most exactly; -1 for none. */
function layerOf(path: string): number {
  const lengths = layers.map(({ paths }) =>
    Math.max(0, ...paths.filter((known) => under(known)(path)).map(({ length }) => length))
  );
  const longest = Math.max(...lengths);
  return longest === 0 ? -1 : lengths.indexOf(longest);
}

function show({ from, line, to }: Import): string {
  return `${from}:${line} imports ${to}`;
}

function assertImports(rule: string, breaks: (entry: Import) => boolean): void {
  assertNone(imports.filter(breaks).map(show), rule);
}

test("every file and folder that a rule names exists", () => {
  assertNone(
    layers.flatMap(({ paths }) => paths).filter((path) => !code.some((file) => under(path)(file.path))),
    "Correct `layers` in tests/rules/imports_test.ts:",
  );
});

test("every file of the server, the worker, the database and the command line is in a layer", () => {
  assertNone(
    code.map(({ path }) => path).filter((path) =>
      under("db/", "server/", "worker/", "cli/")(path) && layerOf(path) === -1 &&
      path !== "server/signals.ts" && path !== "server/stop_signal.ts"
    ),
    "Give it a layer in tests/rules/imports_test.ts:",
  );
});

test("every import of a file of ours names a file that exists", () => {
  const known = new Set(code.map(({ path }) => path));
  assertImports(
    "Correct the path:",
    ({ to }) => /^(db|server|worker|cli|web|tests)\/.*\.tsx?$/.test(to) && !known.has(to),
  );
});

test("imports run from higher layers to lower ones", () => {
  assertImports(
    "Move what both need down, or pass it in from the program:",
    ({ from, to }) => layerOf(from) !== -1 && layerOf(to) > layerOf(from),
  );
});

test("the parent of several servers imports nothing but what it needs", () => {
  const light = [
    "server/runtime_options.ts",
    "server/process_settings.ts",
    "server/processes.ts",
    "server/stop_signal.ts",
  ];
  assertImports(
    "It stays in memory beside the servers; do it in server/server_process.ts:",
    ({ from, to, onlyTypes }) => under("server/main.ts", ...light)(from) && !onlyTypes && !light.includes(to),
  );
});

test("no adapter imports another, and none is reached through a detour", () => {
  const adapterOf = (path: string) =>
    layers[layerOf(path)]?.name === "adapters"
      ? adapters.find((adapter) => path.startsWith(adapter))
      : undefined;
  const broken: string[] = [];
  for (const { path } of code) {
    const adapter = adapterOf(path);
    if (!adapter) continue;
    for (const way of waysFrom(path)) {
      const passed = way.slice(1).map(adapterOf);
      // Reported where the adapter is left, once.
      if (passed.at(-1) && passed.at(-1) !== adapter && !passed.slice(0, -1).some(Boolean)) {
        broken.push(way.join(" -> "));
      }
    }
  }
  assertNone(broken, "Move what two adapters need into server/domain or server/request:");
});

test("nothing but the list of dialects imports a dialect", () => {
  assertImports(
    "Go through server/dialects/all.ts:",
    ({ from, to }) =>
      /^server\/dialects\/\w+\//.test(to) && from !== "server/dialects/all.ts" &&
      !under("tests/")(from) && !from.startsWith(to.match(/^server\/dialects\/\w+\//)![0]),
  );
});

test("the domain imports no HTTP, Redis, queue or framework", () => {
  assertImports(
    "Transport belongs to an adapter; pass in what the domain needs:",
    ({ from, to }) =>
      inDomain(from) && /^(hono|@hono\/.*|@trpc\/.*|ioredis|bullmq|node:https?|node:net)\b/.test(to),
  );
});

test("connections to Redis are opened by db/redis.ts alone", () => {
  assertImports(
    "Use `openRedis`, which opens a cluster as well:",
    ({ from, to, onlyTypes }) =>
      to === "ioredis" && !onlyTypes && from !== "db/redis.ts" &&
      under("db/", "server/", "worker/", "cli/")(from),
  );
});

test("the domain reads no clock and no environment", () => {
  const forbidden =
    /\bDeno\.env\b|\bprocess\.env\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b|\bset(?:Timeout|Interval)\(|(?<!pg_catalog\.)\b(?:now|clock_timestamp|statement_timestamp)\(\)|\bcurrent_(?:date|timestamp)\b/g;
  assertNone(
    code.filter(({ path }) => inDomain(path)).flatMap((source) => find(withoutComments(source), forbidden))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Take the time from ctx.now, and settings from ctx.settings:",
  );
});

test("the panel imports nothing of the server but types and schemas of input", () => {
  assertImports(
    "Write `import type`, or query it through tRPC:",
    ({ from, to, onlyTypes }) =>
      under("web/")(from) &&
      (under("db/", "worker/")(to) || under("server/")(to) && !onlyTypes && !inputs(to) && !panelEvents(to)),
  );
});

test("what the panel shares with the server imports nothing that a browser lacks", () => {
  assertImports(
    "Import only zod, punycode and other such files:",
    ({ from, to }) =>
      (inputs(from) || panelEvents(from)) && !inputs(to) && !panelEvents(to) &&
      to !== "zod" && to !== "punycode",
  );
});

test("programs are imported by nothing, and tests by tests alone", () => {
  assertImports(
    "Move what is needed into a file of its own:",
    ({ from, to }) =>
      /^(db|server|worker|cli|tests)\/(.*\/)?(main|dev|standalone|run|\w+_main)\.ts$/.test(to) ||
      under("tests/")(to) && !under("tests/")(from),
  );
});

test("signing knows no license, account or user", () => {
  assertImports(
    "Signing is below what is signed:",
    ({ from, to }) =>
      under("server/domain/signing/")(from) && inDomain(to) &&
      !/^server\/domain\/(?:\w+\.ts|(?:signing|events|settings|policy)\/)/.test(to),
  );
});

test("the policy knows no table but the license it decides on", () => {
  assertImports(
    "Pass the terms in:",
    ({ from, to }) =>
      under("server/domain/policy/")(from) && inDomain(to) &&
      !/^server\/domain\/(?:\w+\.ts|policy\/)/.test(to),
  );
});

test("no part of the domain knows the webhooks that deliver its events", () => {
  assertImports(
    "Record an event instead; the worker delivers it:",
    ({ from, to }) =>
      // What receivers answered about a person is erased with the person.
      inDomain(from) && !under("server/domain/webhooks/", "server/domain/data_protection/")(from) &&
      under("server/domain/webhooks/")(to) && !inputs(to),
  );
});

test("folders of the domain import each other in no circle", () => {
  const folderOf = (path: string) => path.match(/^server\/domain\/(\w+)\//)?.[1];
  const edges = new Map<string, Map<string, string>>();
  for (const entry of imports) {
    const [from, to] = [folderOf(entry.from), folderOf(entry.to)];
    if (!from || !to || from === to || inputs(entry.to)) continue;
    const known = edges.get(from) ?? new Map<string, string>();
    if (!known.has(to)) known.set(to, show(entry));
    edges.set(from, known);
  }
  const broken = new Set<string>();
  const visit = (folder: string, way: string[]): void => {
    if (way.includes(folder)) {
      const circle = way.slice(way.indexOf(folder));
      if (circle.toSorted()[0] === folder) {
        const steps = circle.map((from, index) => edges.get(from)!.get(circle[index + 1] ?? folder)!);
        broken.add([...circle, folder].join(" -> ") + "\n    " + steps.join("\n    "));
      }
      return;
    }
    for (const next of edges.get(folder)?.keys() ?? []) visit(next, [...way, folder]);
  };
  for (const folder of edges.keys()) visit(folder, []);
  assertNone([...broken], "Move what both need into the lower one, or into a folder below both:");
});

test("files import each other in no circle, types included", () => {
  const broken = new Set<string>();
  for (const { path } of code) {
    const circle = waysFrom(path).find((way) => targetsOf(way.at(-1)!).includes(path));
    // A circle is found from each of its files, and reported from the first.
    if (circle && circle.toSorted()[0] === path) broken.add([...circle, path].join(" -> "));
  }
  assertNone([...broken], "Move what both sides need into a file of its own:");
});

const targets = new Map<string, string[]>(code.map(({ path }) => [path, []]));
for (const { from, to } of imports) {
  if (targets.has(to)) targets.get(from)!.push(to);
}

function targetsOf(path: string): string[] {
  return targets.get(path)!;
}

/** The shortest chain of imports to every file that can be reached, the file itself included. */
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
