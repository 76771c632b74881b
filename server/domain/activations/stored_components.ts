// The stored components of activations: reading, comparing and writing them.
import type { Context } from "../context.ts";
import type { SharedComponents } from "../policy/machine_matching.ts";
import { componentMark, type Components } from "./components.ts";

/** An activation of a license that has a component of a machine. */
export interface MatchingActivation extends SharedComponents {
  hardwareId: string;
  isActive: boolean;
}

/** The activations of a license, deactivated ones too, that have at least one of the components. */
export async function listSharedComponents(
  ctx: Pick<Context, "db">,
  licenseId: number,
  digests: ReadonlyMap<string, string>,
): Promise<MatchingActivation[]> {
  if (digests.size === 0) return [];
  return await ctx.db<MatchingActivation[]>`
    with found as materialized (
      select c.activation_id, count(*) as shared
      from unnest(${[...digests.keys()]}::text[], ${[...digests.values()]}::text[]) as given (name, digest)
      join activation_components c
        on c.license_id = ${licenseId} and c.name = given.name and c.digest = decode(given.digest, 'hex')
      group by c.activation_id
    )
    select
      a.id, a.hardware_id, a.is_active, found.shared,
      (select count(*) from activation_components c where c.activation_id = a.id) as stored
    from found
    join activations a on a.id = found.activation_id
    order by a.id`;
}

/** The digests (hex) of an activation's components by name. */
export async function storedDigests(
  ctx: Pick<Context, "db">,
  activationId: number,
): Promise<Map<string, string>> {
  const rows = await ctx.db<{ name: string; digest: string }[]>`
    select name, encode(digest, 'hex') as digest
    from activation_components
    where activation_id = ${activationId}`;
  return new Map(rows.map(({ name, digest }) => [name, digest]));
}

/**
 * Stores what an app sent last. A component that is the same keeps its time, one whose value is a placeholder this time is
 * kept, and one that was not sent is removed.
 */
export async function storeComponents(
  ctx: Context,
  { activationId, licenseId, components, digests }: {
    activationId: number;
    licenseId: number;
    components: Components;
    digests: ReadonlyMap<string, string>;
  },
): Promise<void> {
  await ctx.db`
    with removed as (
      delete from activation_components
      where activation_id = ${activationId} and name <> all(${Object.keys(components)}::text[])
    ),
    stored as (
      insert into activation_components as c (activation_id, name, license_id, digest, since)
      select ${activationId}::bigint, name, ${licenseId}::bigint, decode(digest, 'hex'), ${ctx.now}::timestamptz
      from unnest(${[...digests.keys()]}::text[], ${[...digests.values()]}::text[]) as given (name, digest)
      on conflict on constraint activation_components_pkey do update
      set digest = excluded.digest, since = excluded.since
      where c.digest <> excluded.digest
    )
    update activations
    set component_mark = ${componentMark(components)}
    where id = ${activationId}`;
}

/** Notes what an app sent last, without storing it. */
export async function storeMark(ctx: Context, activationId: number, components: Components): Promise<void> {
  await ctx.db`
    update activations
    set component_mark = ${componentMark(components)}
    where id = ${activationId}`;
}
