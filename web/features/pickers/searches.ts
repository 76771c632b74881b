// Searches for objects by part of their name, for filters and pickers. Where no name contains the text, the ones that are
// similar are found.
import type { Choice, Search } from "../../ui/list/list.ts";
import { hasRole } from "../account/session.ts";
import { deviceName } from "../devices/device_actions.ts";
import { fetchQuery } from "../../lib/queries.ts";
import type { Inputs, Outputs } from "../../lib/trpc.ts";

/** The number of choices offered at once. */
const MAX_CHOICES = 20;

/** Shorter text is similar to nearly everything. */
const MIN_SIMILAR = 3;

/** @param similar is asked when there are no choices */
async function orSimilar(q: string, choices: Choice[], similar: () => Promise<Choice[]>): Promise<Choice[]> {
  return choices.length > 0 || q.length < MIN_SIMILAR ? choices : await similar();
}

async function similarOf(q: string, type: "customer" | "license"): Promise<Choice[]> {
  const { hits } = await fetchQuery("search", "everything", { q, type, limit: MAX_CHOICES });
  return hits.map(({ id, title, subtitle }) => ({ id, title, hint: subtitle }));
}

type Named = Outputs["search"]["names"][number];

async function namedLike(
  q: string,
  type: Inputs["search"]["names"]["type"],
  fits: (hit: Named) => boolean = () => true,
): Promise<Named[]> {
  return (await fetchQuery("search", "names", { q, type, limit: MAX_CHOICES })).filter(fits);
}

const choiceOf = ({ id, title, subtitle }: Named): Choice => ({ id, title, hint: subtitle });

export const customerSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("customers", "list", {
      q: q || undefined,
      sort: "name",
      limit: MAX_CHOICES,
    });
    const choices = rows.map(({ id, name, email }) => ({ id, title: name, hint: email ?? undefined }));
    return await orSimilar(q, choices, () => similarOf(q, "customer"));
  },
  name: async (id) => (await fetchQuery("customers", "get", { id })).name,
};

export const productSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("products", "list", {
      q: q || undefined,
      sort: "name",
      limit: MAX_CHOICES,
    });
    const choices = rows.map(({ id, name, code }) => ({ id, title: name, hint: code }));
    return await orSimilar(q, choices, async () => (await namedLike(q, "product")).map(choiceOf));
  },
  name: async (id) => (await fetchQuery("products", "get", { id })).name,
};

/** Plans of one product, or of all. */
export function planSearch(productId?: () => number | null): Search {
  return {
    async find(q) {
      const { rows } = await fetchQuery("plans", "list", {
        q: q || undefined,
        sort: "name",
        productId: productId?.() ?? undefined,
        limit: MAX_CHOICES,
      });
      const choices = rows.map(({ id, name, code }) => ({ id, title: name, hint: code }));
      const of = productId?.() ?? null;
      const fits = (hit: Named) => of === null || hit.productId === of;
      return await orSimilar(q, choices, async () => (await namedLike(q, "plan", fits)).map(choiceOf));
    },
    name: async (id) => (await fetchQuery("plans", "get", { id })).name,
  };
}

export const licenseSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("licenses", "list", { q: q || undefined, limit: MAX_CHOICES });
    const choices = rows.map(({ id, key, customerName }) => ({ id, title: key, hint: customerName }));
    return await orSimilar(q, choices, () => similarOf(q, "license"));
  },
  name: async (id) => (await fetchQuery("licenses", "get", { id })).key,
};

export const userSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("users", "list", {
      q: q || undefined,
      sort: "email",
      disabled: false,
      limit: MAX_CHOICES,
    });
    const choices = rows.map(({ id, email, name }) => ({ id, title: email, hint: name }));
    return await orSimilar(q, choices, async () => {
      const users = await namedLike(q, "user", ({ isAvailable }) => isAvailable);
      return users.map(({ id, title, subtitle }) => ({ id, title: subtitle, hint: title }));
    });
  },
  name: async (id) => (await fetchQuery("users", "get", { id })).email,
};

/** Resources that are not allocated. */
export const freeResourceSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("resources", "list", {
      q: q || undefined,
      status: "available",
      limit: MAX_CHOICES,
    });
    const choices = rows.map(({ id, identifier, type }) => ({ id, title: identifier, hint: type }));
    return await orSimilar(
      q,
      choices,
      async () => (await namedLike(q, "resource", ({ isAvailable }) => isAvailable)).map(choiceOf),
    );
  },
  name: async (id) => (await fetchQuery("resources", "get", { id })).identifier,
};

export const deviceSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("devices", "list", { q: q || undefined, limit: MAX_CHOICES });
    return rows.map((device) => ({ id: device.id, title: deviceName(device), hint: device.customerName }));
  },
  name: async (id) => deviceName(await fetchQuery("devices", "get", { id })),
};

/** API keys, which owners alone list. */
export const apiKeySearch: Search = {
  async find(q) {
    if (!hasRole("owner")) return [];
    const { rows } = await fetchQuery("apiKeys", "list", { q: q || undefined, limit: MAX_CHOICES });
    return rows.map(({ id, name, prefix }) => ({ id, title: name, hint: `${prefix}…` }));
  },
  async name(id) {
    const rows = hasRole("owner") ? (await fetchQuery("apiKeys", "list", { limit: 200 })).rows : [];
    return rows.find((row) => row.id === id)?.name ?? `number ${id}`;
  },
};
