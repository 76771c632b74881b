// The files for Prometheus and Grafana name metrics that exist, every alert has its paragraph in the runbook, and every
// metric is shown or watched.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { alertKinds } from "../../server/domain/monitoring/alerts.ts";
import { test } from "../support/test.ts";
import { assertNone, sourceOf } from "./source.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rules = "deploy/monitoring/alerts.yml";
const dashboard = "deploy/monitoring/dashboard.json";
const runbook = "docs/operations/runbook.md";

/** The metrics of the program; tests/rest/metrics_test.ts compares the document with them. */
const metrics = new Set(
  [...sourceOf("docs/metrics.md").matchAll(/^\| `(latchkey_\w+)`/gm)].map(([, name]) => name),
);
/** A metric without what a histogram adds to its name. */
const metricOf = (series: string) =>
  metrics.has(series) ? series : series.replace(/_(bucket|count|sum)$/, "");
const namedIn = (path: string) =>
  new Set([...sourceOf(path).matchAll(/\blatchkey_\w+/g)].map(([series]) => metricOf(series)));
const alerts = [...sourceOf(rules).matchAll(/^ {6}- alert: (\w+)\n([^]*?)(?=^ {6}- |^ {2}- |$(?![^]))/gm)]
  .map(([, name, text]) => ({ name, text }));
const headings = [...sourceOf(runbook).matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);

for (const path of [rules, dashboard, "tests/data/alerts_test.yml"]) {
  test(`${path} names metrics that exist`, () => {
    assertNone([...namedIn(path)].filter((name) => !metrics.has(name)), "docs/metrics.md does not have:");
  });
}

test("every metric is in the dashboard or in an alert", () => {
  const used = new Set([...namedIn(rules), ...namedIn(dashboard)]);
  assertNone([...metrics].filter((name) => !used.has(name)), `Show it in ${dashboard}:`);
});

test("every alert says how bad it is, what it is, and where the runbook has it", () => {
  assert.ok(alerts.length > 20, "This test cannot read the alerts any more.");
  assertNone(
    alerts.filter(({ name, text }) =>
      !/^ {10}severity: (warning|critical)$/m.test(text) || !/^ {10}summary: ".+"$/m.test(text) ||
      !text.includes(`runbook_url: ${runbook}#${name.toLowerCase()}\n`)
    ).map(({ name }) => name),
    `Complete it in ${rules}:`,
  );
});

test("the runbook has a paragraph for each alert, of Prometheus and of the panel, and no other", () => {
  const wanted = [...alerts.map(({ name }) => name), ...alertKinds.map((kind) => `Panel: ${kind}`)];
  assert.deepEqual(headings.toSorted(), wanted.toSorted());
  const paragraphs = sourceOf(runbook).split(/^### /m).slice(1);
  assertNone(
    paragraphs.filter((text) => !/\bMeans:\s/.test(text) || !/\bDo:\s|\bAs\s+\[/.test(text)).map((text) =>
      text.split("\n")[0]
    ),
    "Say what it means and what to do:",
  );
});

test("every alert is tried in tests/data/alerts_test.yml", () => {
  const tried = [...sourceOf("tests/data/alerts_test.yml").matchAll(/alertname="(\w+)"/g)].map(([, name]) =>
    name
  );
  assertNone(alerts.map(({ name }) => name).filter((name) => !tried.includes(name)), "Not tried:");
});

test("every panel of the dashboard has an id, a title and a place of its own", () => {
  // deno-lint-ignore no-explicit-any
  const panels: any[] = JSON.parse(sourceOf(dashboard)).panels;
  for (const key of ["id", "title"]) {
    assert.equal(new Set(panels.map((panel) => panel[key])).size, panels.length);
  }
  const places = panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
  assert.equal(new Set(places).size, panels.length);
  assert.ok(panels.every(({ gridPos: { x, w } }) => x + w <= 24));
});

test("promtool, where there is one, accepts the alert rules and their tests", async () => {
  // Debian has it in the package prometheus.
  for (const args of [["check", "rules", rules], ["test", "rules", "tests/data/alerts_test.yml"]]) {
    try {
      const { code, stdout, stderr } = await new Deno.Command("promtool", { args, cwd: root }).output();
      assert.equal(code, 0, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
});
