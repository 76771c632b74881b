// What the palette finds on the server: every kind of object, and the page that opens it.
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatWord } from "../../lib/format.ts";
import { fetchQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import * as icons from "../../ui/icons.ts";

type LargeHit = Outputs["search"]["everything"]["hits"][number];
type NamedHit = Outputs["search"]["names"][number];
export type HitType = LargeHit["type"] | NamedHit["type"];

/** An object that was found. */
export interface Hit {
  type: HitType;
  id: number;
  title: string;
  subtitle: string;
  rank: number;
  /** The license of a device. */
  licenseId: number | null;
  /** What was found, where neither title nor subtitle have the text. */
  matchedMetadata: LargeHit["matchedMetadata"];
}

/** What is shown beside the title: what it is, and why it was found. */
export function hintOf({ subtitle, matchedMetadata }: Hit): string {
  if (!matchedMetadata) return subtitle;
  const { key, value } = matchedMetadata;
  return [`${key}: ${value}`, subtitle].filter((part) => part !== "").join(" · ");
}

/** The icon and the page of each kind of object. */
export const kinds: Record<HitType, { icon: typeof icons.KeyIcon; href(hit: Hit): string }> = {
  customer: { icon: icons.CustomersIcon, href: ({ id }) => addresses.customer(id) },
  license: { icon: icons.LicensesIcon, href: ({ id }) => addresses.license(id) },
  device: {
    icon: icons.DevicesIcon,
    href: ({ id, licenseId }) => withQuery(addresses.license(licenseId!), { device: id }),
  },
  lead: { icon: icons.LeadsIcon, href: ({ id }) => addresses.lead(id) },
  product: { icon: icons.ProductsIcon, href: ({ id }) => addresses.product(id) },
  plan: { icon: icons.PlansIcon, href: ({ id }) => addresses.plan(id) },
  release: { icon: icons.ReleasesIcon, href: ({ id }) => addresses.release(id) },
  resource: { icon: icons.ResourcesIcon, href: ({ id }) => addresses.resource(id) },
  user: { icon: icons.PeopleIcon, href: ({ id }) => addresses.user(id) },
  webhook: { icon: icons.WebhooksIcon, href: ({ id }) => addresses.webhook(id) },
};

function isLarge(type: HitType): type is LargeHit["type"] {
  return type === "customer" || type === "license" || type === "device" || type === "lead";
}

/**
 * Objects by a part of their name, the best first.
 *
 * @param type objects of this kind only
 */
export async function findHits(q: string, limit: number, type?: HitType): Promise<Hit[]> {
  const [large, named, ofCustomers] = await Promise.all([
    type === undefined || isLarge(type)
      ? fetchQuery("search", "everything", { q, limit, type }).then(({ hits }) => hits)
      : [],
    type === undefined || !isLarge(type) ? fetchQuery("search", "names", { q, limit, type }) : [],
    type === "license" ? licensesOfCustomers(q, limit) : [],
  ]);
  const found = [...large, ...named.map((hit) => ({ ...hit, licenseId: null }))];
  return [...found, ...ofCustomers.filter(({ id }) => !found.some((hit) => hit.id === id))]
    .sort((one, other) => other.rank - one.rank).slice(0, limit);
}

/** An action on a license names its customer as often as its key: "renew acme". */
async function licensesOfCustomers(q: string, limit: number): Promise<Hit[]> {
  const { rows } = await fetchQuery("licenses", "list", { q, limit });
  return rows.map(({ id, key, customerName, state }) => ({
    type: "license",
    id,
    title: key,
    subtitle: `${customerName} - ${formatWord(state)}`,
    rank: 0,
    licenseId: id,
    matchedMetadata: null,
  }));
}
