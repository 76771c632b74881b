// A signing key as the list has it.
import type { Outputs } from "../../lib/trpc.ts";

export type SigningKey = Outputs["signingKeys"]["list"][number];
