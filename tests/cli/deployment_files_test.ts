// The files of deploy/ and the image name versions, set only variables that exist, set all that production requires, and
// give the programs the time they need to end.
import assert from "node:assert/strict";
import { readEnvironment } from "../../server/config.ts";
import { sourceOf, sources, under } from "../rules/source.ts";
import { test } from "../support/test.ts";

const compose = sourceOf("deploy/compose/compose.yaml");
const files = sources.filter(({ path }) => under("deploy/", "Dockerfile")(path));
const textOf = (folder: string) =>
  files.filter(({ path }) => path.startsWith(folder)).map(({ text }) => text).join("\n");
const required = ["DATABASE_URL", "REDIS_URL", "ENCRYPTION_KEY", "JWT_SECRET"];
const documented = new Set(
  [...sourceOf("docs/configuration.md").matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name),
);

test("every image of others is named with a version", () => {
  const images = files.flatMap(({ text }) =>
    [...text.matchAll(/^\s*image: (\S+)$|^ARG \w+=(\S+)$/gm)].map(([, image, base]) => image ?? base)
  ).filter((image) => image !== "latchkey");
  assert.ok(images.length >= 5, images.join());
  for (const image of images) assert.match(image, /:[\w-]*\d[\w.-]*$|:bookworm-slim$/, image);
});

test("the image has the Deno that the description of the project names", () => {
  const [, version] = sourceOf("Dockerfile").match(/deno:bin-(\d+\.\d+)\.\d+$/m)!;
  assert.equal(Deno.version.deno.startsWith(`${version}.`), true, `The tests ran on ${Deno.version.deno}`);
});

test("packages are installed in the versions and with the hashes of the lock files, in the image as well", () => {
  assert.match(sourceOf("cli/install_main.ts"), /\["install", [^\]]*"--frozen"/);
  assert.match(sourceOf("Dockerfile"), /^COPY deno\.json deno\.lock \.\/$/m);
  assert.match(sourceOf("Dockerfile"), /^RUN deno run -A --quiet cli\/install_main\.ts \. web$/m);
  assert.match(sourceOf(".ci/run"), /deno task install$/m);
});

test("the image and the single file have everything that the permissions of the server let it read", () => {
  const { permissions } = JSON.parse(sourceOf("deno.json"));
  const copied = [...sourceOf("Dockerfile").matchAll(/^COPY --from=build (.*)$/gm)].flatMap(([, line]) => {
    const names = line.split(" ");
    return names.at(-1) === "./" ? names.map((name) => name.replace(/^.*\//, "")) : names.at(-1);
  });
  const ignored = sourceOf(".dockerignore").trim().split("\n");
  const single = sourceOf("cli/package_main.ts").match(/^const contents = \[([^\]]*)\]/m)![1];
  for (const path of permissions.server.read) {
    assert.ok(copied.includes(path), `Dockerfile: ${path}`);
    assert.ok(single.includes(`"${path}"`), `cli/package_main.ts: ${path}`);
    // The image builds the panel and installs packages itself.
    if (!["web/dist", "node_modules"].includes(path)) {
      assert.ok(!ignored.includes(path), `.dockerignore: ${path}`);
    }
  }
});

test("compose sets what production requires, and nothing that does not exist", () => {
  const [block] = compose.match(/environment: &environment\n(?: {4}.*\n)+/)!;
  const names = [...block.matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name);
  for (const name of required) assert.ok(names.includes(name), name);
  for (const name of names) assert.ok(documented.has(name), `${name} is not in docs/configuration.md`);
});

test("PostgreSQL of compose takes the connections of all servers and workers, and some more", () => {
  const [, server, worker] = sourceOf("docs/operations/outages.md")
    .match(/has to allow (\d+) for each server process and (\d+) for each worker/)!;
  const count = (name: string) => compose.match(new RegExp(`^  ${name}-\\d+:`, "gm"))!.length;
  const [, allowed] = compose.match(/max_connections=(\d+)/)!;
  const needed = count("server") * Number(server) + count("worker") * Number(worker);
  assert.ok(Number(allowed) >= needed + 20, `${allowed} of ${needed}`);
});

test("every command for compose in the documentation names a service and a task", () => {
  const guides = sources.filter(({ path }) => /^docs\/.*\.md$/.test(path));
  const commands = guides.flatMap(({ path, text }) =>
    [
      ...text.matchAll(
        /docker compose run --rm (?:\\\n *)?(?:--volume \S+ |--env \w+ |--no-deps )*([\w-]+)(?: ([\w-]+))?/g,
      ),
    ].map(([, service, task]) => ({ path, service, task }))
  );
  const { tasks } = JSON.parse(sourceOf("deno.json"));
  assert.ok(commands.length >= 4, String(commands.length));
  for (const { path, service, task } of commands) {
    assert.match(compose, new RegExp(`^  ${service}:`, "m"), `${path}: no service ${service}`);
    assert.ok(!task || task in tasks, `${path}: no task ${task}`);
  }
});

test("settings with spaces are quoted in the guides: shells and systemd read the same files", () => {
  for (const guide of ["systemd", "compose"]) {
    const [, settings] = sourceOf(`docs/operations/${guide}.md`).match(/<<END\n([\s\S]*?)\nEND\n/)!;
    for (const line of settings.split("\n")) {
      assert.match(line, /^[A-Z_]+=("[^"]*"|\$\([^)]*\)|[^\s"<>|&;]*(\$\([^)]*\))?)$/, `${guide}: ${line}`);
    }
  }
});

test("the guides set what production requires", () => {
  for (const guide of ["systemd", "kubernetes"]) {
    const text = sourceOf(`docs/operations/${guide}.md`);
    for (const name of required) assert.ok(text.includes(`${name}=`), `${guide}: ${name}`);
  }
});

test("the variables of the Kubernetes settings exist", () => {
  const [, data] = sourceOf("deploy/kubernetes/settings.yaml").match(/^data:\n([\s\S]+)/m)!;
  const names = [...data.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
  assert.ok(names.length > 0);
  for (const name of names) assert.ok(documented.has(name), name);
});

test("every way to run it waits longer for a program to end than the program needs", () => {
  const needed = readEnvironment({}).DRAIN_TIME_MS / 1000;
  const waits = {
    compose: /stop_grace_period: (\d+)s/g,
    kubernetes: /terminationGracePeriodSeconds: (\d+)/g,
    systemd: /TimeoutStopSec=(\d+)/g,
  };
  for (const [folder, pattern] of Object.entries(waits)) {
    const found = [...textOf(`deploy/${folder}/`).matchAll(pattern)].map(([, seconds]) => Number(seconds));
    assert.ok(found.length > 0, folder);
    for (const seconds of found) assert.ok(seconds >= needed + 10, `${folder} waits ${seconds} s`);
  }
});

test("containers run as an account without rights on a file system that they cannot write", () => {
  assert.match(sourceOf("Dockerfile"), /^USER \d+:\d+$/m);
  assert.match(compose, /x-program: &program\n(?: .*\n)*? {2}read_only: true\n/);
  for (const name of ["server", "worker"]) {
    const manifest = sourceOf(`deploy/kubernetes/${name}.yaml`);
    assert.match(manifest, /runAsNonRoot: true/);
    assert.match(manifest, /readOnlyRootFilesystem: true/);
    assert.match(manifest, /capabilities: \{ drop: \[ALL\] \}/);
  }
});
