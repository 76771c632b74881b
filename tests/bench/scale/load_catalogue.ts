// The small tables of the data set: products, plans, releases, customers and users.
import type { Db } from "../../../db/connect.ts";
import { parseReleaseVersion } from "../../../server/domain/releases/version.ts";
import { PRODUCTS, RELEASES, type Sizes } from "./functions.ts";

const first = [
  "Aster",
  "Boreal",
  "Calder",
  "Delmar",
  "Ember",
  "Falk",
  "Garnet",
  "Hadley",
  "Ibis",
  "Jura",
  "Kestrel",
];
const second = [
  "Analytics",
  "Biotech",
  "Chemie",
  "Dynamics",
  "Engineering",
  "Foods",
  "Geodata",
  "Health",
  "Imaging",
];
const third = ["GmbH", "Inc.", "Ltd", "S.A.", "B.V.", "University", "Institute", "& Sons", "Group", "Labs"];
const cities = [
  "Aarhus",
  "Bergen",
  "Cork",
  "Dresden",
  "Espoo",
  "Fribourg",
  "Ghent",
  "Haifa",
  "Izmir",
  "Jena",
  "Kyoto",
];

/** Inserts products with plans for each type of license, and releases. */
export async function loadProducts(db: Db): Promise<void> {
  await db`
    insert into products (id, code, name, created_at)
    overriding system value
    select id, 'product-' || id, 'Product ' || id, bench.created_at(0, 1)
    from generate_series(1, ${PRODUCTS}::bigint) as id`;
  await db`
    insert into plans (
      id, product_id, code, name, license_type, duration, max_activations, max_users, features, created_at
    )
    overriding system value
    select
      (product.id - 1) * 3 + position, product.id, type, initcap(type), type,
      case type when 'subscription' then 'P1Y' when 'trial' then 'P30D' end, 5, 10, array['export', 'reports'],
      product.created_at
    from products product, unnest(array['subscription', 'perpetual', 'trial']) with ordinality as plan (type, position)`;
  const versions = Array.from(
    { length: RELEASES },
    (_, n) => parseReleaseVersion(`${1 + Math.floor(n / 5)}.${n % 5}.0`)!,
  );
  await db`
    insert into releases (
      product_id, version, version_key, channel, release_date, download_url, release_notes, is_mandatory, created_at
    )
    select
      product.id, version, key, case when position % 7 = 6 then 'beta' else 'stable' end,
      current_date - 90 * (${RELEASES}::integer - position::integer), 'https://example.com/download/' || version,
      'Corrections.', position % 5 = 1, now()
    from products product, unnest(
      ${versions.map(({ text }) => text)}::text[],
      ${versions.map(({ version }) => version.key)}::text[]
    ) with ordinality as release (version, key, position)`;
}

/** Inserts customers and users. One customer in fifty is deleted. */
export async function loadCustomers(db: Db, { customers, users }: Sizes): Promise<void> {
  await db`
    insert into customers (id, name, email, created_at, updated_at, deleted_at)
    overriding system value
    select
      id, name, lower(regexp_replace(name, '[^A-Za-z]+', '.', 'g')) || id || '@example.com', created_at,
      created_at + (now() - created_at) * bench.random(id, 14),
      case when bench.random(id, 15) < 0.02 then now() - bench.random(id, 16) * interval '60 days' end
    from generate_series(1, ${customers}::bigint) as id
    cross join lateral (
      select
        bench.created_at(id, ${customers}) as created_at,
        bench.pick(${first}, bench.random(id, 10)) || ' ' || bench.pick(${second}, bench.random(id, 11)) || ' '
          || bench.pick(${cities}, bench.random(id, 13)) || ' ' || bench.pick(${third}, bench.random(id, 12)) as name
    ) as made`;
  await db`
    insert into users (id, email, name, created_at, updated_at, disabled_at)
    overriding system value
    select
      id, 'user' || id || '@example.com', bench.pick(${first}, bench.random(id, 20)) || ' ' || id, created_at, created_at,
      case when bench.random(id, 21) < 0.02 then now() end
    from generate_series(1, ${users}::bigint) as id
    cross join lateral (select bench.created_at(id, ${users}) as created_at) as made`;
}
