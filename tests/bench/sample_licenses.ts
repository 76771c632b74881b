// Sample data for a benchmark: licenses with activations, inserted in bulk instead of through the domain's verbs.
import type { Database } from "../../db/connect.ts";
import { parseReleaseVersion } from "../../server/domain/releases/version.ts";
import { generateKey, keyDigest, parseKey } from "../../server/domain/licenses/key.ts";

export interface SampleLicenses {
  /** License keys, ordered by license id. */
  keys: string[];
  /** The hardware id of the nth machine of a license. */
  hardwareOf(key: string, machine: number): string;
}

const CHUNK = 20_000;

/** Inserts licenses of one product, each with the given number of machines and, by default, twice that limit. */
export async function loadLicenses(
  db: Database,
  count: number,
  machines: number,
  maxActivations = machines * 2,
): Promise<SampleLicenses> {
  const hardwareOf = (key: string, machine: number) => `hw-${key}-${machine}`;
  const [product] = await db<{ id: number }[]>`
    insert into products (code, name, created_at)
    values ('bench', 'Bench', now())
    on conflict (code) do update
    set name = excluded.name
    returning id`;
  const versions = ["1.0.0", "1.1.0", "1.10.0"].map((version) => parseReleaseVersion(version)!);
  await db`
    insert into releases (product_id, version, version_key, channel, release_date, download_url, created_at)
    select ${product.id}, version, key, 'stable', current_date, 'https://example.com/', now()
    from unnest(
      ${versions.map(({ text }) => text)}::text[],
      ${versions.map(({ version }) => version.key)}::text[]
    ) as release (version, key)
    on conflict do nothing`;
  const keys: string[] = [];
  for (let done = 0; done < count; done += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, count - done) }, generateKey);
    keys.push(...chunk);
    await db`
      with customer as (
        insert into customers (name, email, created_at, updated_at)
        select 'Bench ' || n, 'bench' || n || '@example.com', now(), now()
        from generate_series(1, ${Math.ceil(chunk.length / 5)}::integer) as n
        returning id
      ),
      numbered as (
        select id, row_number() over () - 1 as number
        from customer
      ),
      license as (
        insert into licenses (
          key, key_digest, product_id, customer_id, type, valid_from, valid_until,
          max_activations, max_users, activations_in_use, created_at, updated_at
        )
        select
          key, decode(digest, 'hex'), ${product.id}, numbered.id, 'perpetual', '2025-01-01', '2099-01-01',
          ${maxActivations}, 10, ${machines}, now(), now()
        from unnest(${chunk}::text[], ${
      chunk.map(digestOf)
    }::text[]) with ordinality as given (key, digest, position)
        join numbered on numbered.number = (given.position - 1) / 5
        returning id, key
      )
      insert into activations (
        license_id, hardware_id, machine_name, app_version, activated_at, last_heartbeat
      )
      select id, 'hw-' || key || '-' || machine, 'BENCH-PC', '1.0.0', now(), now()
      from license, generate_series(1, ${machines}::integer) as machine`;
  }
  await db`vacuum analyze`;
  return { keys, hardwareOf };
}

function digestOf(key: string): string {
  return [...keyDigest(parseKey(key))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
