// The faults that a fuzz found, as text.
import type { Fault } from "./fuzz.ts";

/** The faults, one of each kind in full with the shortest request that caused it. */
export function describeFaults(faults: Fault[], { cases, seed }: { cases: number; seed: string }): string {
  const kinds = Map.groupBy(faults, ({ target, what }) => `${target} ${what.slice(0, 200)}`);
  const shown = [...kinds.values()].slice(0, 60).map((same) => {
    const [{ target, case: number, what, request }] = same.sort((a, b) =>
      a.request.length - b.request.length
    );
    return `${target} (case ${number}, ${same.length} times): ${what}\n${request}`;
  });
  const again = `Again: deno task fuzz ${cases} ${seed} "${faults[0].target}"`;
  return `${faults.length} faults of ${kinds.size} kinds.\n\n${shown.join("\n\n")}\n\n${again}`;
}
