// The name of a program's connections, by which `pg_stat_activity` and `migrate` tell who is connected.
import manifest from "../deno.json" with { type: "json" };

/** The `application_name` of a program's connections, "latchkey server 1.4.0"; PostgreSQL keeps 63 bytes. */
export function applicationName(name: string): string {
  return `${name} ${manifest.version}`;
}
