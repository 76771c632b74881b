// `doctor`: checks the settings and everything around them, and says what to do next.
import type { Finding } from "../../doctor/check.ts";
import { examine } from "../../doctor/examine.ts";
import type { Result } from "../define.ts";
import { exitCodes } from "../exit_codes.ts";

const marks = { ok: "ok      ", warning: "warning ", failure: "FAILURE " };

/** @param testMailTo an address that a test mail is sent to; null for none */
export async function runDoctor(testMailTo: string | null): Promise<Result> {
  const findings = await examine({ testMailTo });
  const failed = findings.some(({ result }) => result === "failure");
  return {
    json: { ok: !failed, findings },
    text: describe(findings),
    exitCode: failed ? exitCodes.refused : exitCodes.ok,
  };
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
