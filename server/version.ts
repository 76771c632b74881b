// The version of the program, which deno.json states: for the API description, the metrics and the log.
import manifest from "../deno.json" with { type: "json" };

export const version: string = manifest.version;
