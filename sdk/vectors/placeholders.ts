// The device of a file as the server issues it: placeholders, which many devices have, are left out.
import { isPlaceholderFingerprint } from "../../server/domain/activations/fingerprints.ts";
import { machine } from "./samples.ts";

export function issuedMachine(match: "any" | "two" | "most" | "all", components: Record<string, string>) {
  const kept = Object.fromEntries(
    Object.entries(components).filter(([, value]) => !isPlaceholderFingerprint(value)),
  );
  return machine(Object.keys(kept).length > 0 ? match : "exact", kept);
}
