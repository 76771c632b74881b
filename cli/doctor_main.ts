// `deno task doctor [--json] [--mail you@example.com]`: checks the configuration and everything around it, and says what to do
// next. It ends with 1 when a check failed.
import { parseArgs } from "node:util";
import { ConfigError } from "../server/config.ts";
import { exitWithError } from "../server/signals.ts";
import type { Finding } from "./doctor/check.ts";
import { examine } from "./doctor/examine.ts";

const marks = { ok: "ok      ", warning: "warning ", failure: "FAILURE " };

Deno.exit(await run(Deno.args).catch(exitWithError));

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, mail: { type: "string" } },
  });
  if (positionals.length > 0) {
    throw new ConfigError("Use: deno task doctor [--json] [--mail you@example.com]");
  }
  const findings = await examine({ testMailTo: values.mail ?? null });
  const failed = findings.filter(({ result }) => result === "failure").length;
  console.log(values.json ? JSON.stringify({ ok: failed === 0, findings }, null, 2) : describe(findings));
  return failed === 0 ? 0 : 1;
}

function describe(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = " ".repeat(marks.ok.length + width + 2);
  const lines = findings.flatMap(({ check, result, found, next }) => [
    `${marks[result]}${check.padEnd(width)}  ${found.replaceAll("\n", `\n${indent}`)}`,
    ...(next === null ? [] : [`${indent}→ ${next}`]),
  ]);
  const count = (result: Finding["result"]) => findings.filter((finding) => finding.result === result).length;
  return `${lines.join("\n")}\n\n${count("ok")} ok, ${count("warning")} warnings, ${
    count("failure")
  } failures`;
}
