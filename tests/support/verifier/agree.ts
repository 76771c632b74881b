// Both verifiers on the same cases: the one in TypeScript with jose, and the one in Python with `cryptography`.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Finding, findingOf, type Given } from "./verifier.ts";
import { isPythonThere } from "./python_there.ts";

/** What was given to the verifier in TypeScript, with what it found, until the one in Python gets the same. */
export class Cases {
  #cases: { name: string; given: Given; finding: Finding }[] = [];

  /** The finding on a case, which has the state and the reason that are expected. */
  async expect(
    name: string,
    given: Given,
    [state, reason = null]: readonly [string, (string | null)?],
    lists?: (string | null)[],
  ): Promise<Finding> {
    const finding = await findingOf(given);
    assert.deepEqual([finding.state, finding.reason], [state, reason], name);
    if (lists) assert.deepEqual(finding.lists, lists, name);
    // What the app keeps changes with the next case.
    this.#cases.push({ name, given: structuredClone(given), finding: structuredClone(finding) });
    return finding;
  }

  /** Compares what the verifier in Python finds, in one process; nothing where its library is not installed. */
  async compareWithPython(): Promise<void> {
    if (!isPythonThere) return;
    const cases = this.#cases.splice(0);
    const findings = await runPython(cases.map(({ given }) => given));
    for (const [index, { name, finding }] of cases.entries()) {
      assert.deepEqual(findings[index], finding, name);
    }
  }
}

async function runPython(given: Given[]): Promise<Finding[]> {
  const python = new Deno.Command("python3", {
    args: [fileURLToPath(new URL("verifier.py", import.meta.url))],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ stdout, stderr }] = await Promise.all([
    python.output(),
    new Response(JSON.stringify(given)).body!.pipeTo(python.stdin),
  ]);
  const text = new TextDecoder();
  assert.equal(text.decode(stderr).slice(-500), "");
  return JSON.parse(text.decode(stdout));
}
