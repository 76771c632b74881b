// Searches for objects by part of their name, for filters and pickers.
import type { Search } from "../../ui/list/list.ts";
import { fetchQuery } from "../../lib/queries.ts";

/** The number of choices offered at once. */
const MAX_CHOICES = 20;

export const customerSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("customers", "list", {
      q: q || undefined,
      sort: "name",
      limit: MAX_CHOICES,
    });
    return rows.map(({ id, name, email }) => ({ id, title: name, hint: email ?? undefined }));
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
    return rows.map(({ id, name, code }) => ({ id, title: name, hint: code }));
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
      return rows.map(({ id, name, code }) => ({ id, title: name, hint: code }));
    },
    name: async (id) => (await fetchQuery("plans", "get", { id })).name,
  };
}

export const licenseSearch: Search = {
  async find(q) {
    const { rows } = await fetchQuery("licenses", "list", { q: q || undefined, limit: MAX_CHOICES });
    return rows.map(({ id, key, customerName }) => ({ id, title: key, hint: customerName }));
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
    return rows.map(({ id, email, name }) => ({ id, title: email, hint: name }));
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
    return rows.map(({ id, identifier, type }) => ({ id, title: identifier, hint: type }));
  },
  name: async (id) => (await fetchQuery("resources", "get", { id })).identifier,
};
