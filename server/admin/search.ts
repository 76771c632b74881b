// GET /api/global-search: over customers, licenses, devices and leads.
import { z } from "zod";
import { searchTypes } from "../domain/search/inputs.ts";
import { searchEverything, type SearchHit } from "../domain/search/search.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { wireId } from "./wire.ts";

export function searchEndpoints(guards: Guards): Endpoint[] {
  return [endpoint({
    method: "get",
    path: "/api/global-search",
    operationId: "searchEverything",
    summary: "Search customers, licenses, devices and leads",
    description:
      "Matches substrings of names, keys, addresses and metadata, and tolerates typing errors in all but metadata. " +
      "The best matches come first.",
    tag: "Search",
    dialect: documentedForm,
    guard: guards.viewer,
    query: z.object({
      q: z.string().max(200).default("").describe("Search text"),
      type: z.enum(searchTypes).optional().describe("Objects of this type only"),
      limit: wireId.refine((limit) => limit <= 100, "must be at most 100").default(20).describe(
        "Results at most",
      ),
    }),
    answers: {
      200: {
        description: "Results",
        schema: z.object({
          results: z.array(z.object({
            type: z.enum(searchTypes).describe("Type"),
            id: z.int().describe("Id of the object"),
            title: z.string().describe("Title"),
            subtitle: z.string().describe("Details, such as the customer"),
            url: z.string().describe("URL of the object in the panel"),
            matched_metadata: z.object({
              key: z.string().describe("The key"),
              value: z.union([z.string(), z.number(), z.boolean()]).describe("The value"),
            }).optional().describe("The metadata that has the text, where title and subtitle do not"),
          })).describe("Results"),
          total: z.int().describe("Number of results, counted up to some hundred of each type"),
        }).meta({
          examples: [{
            results: [
              {
                type: "customer",
                id: 123,
                title: "ACME Corp",
                subtitle: "admin@acme.com",
                url: "/customer/edit/123",
              },
              {
                type: "license",
                id: 456,
                title: "XXXX-XXXX-XXXX-XXXX",
                subtitle: "ACME Corp - Active",
                url: "/license/edit/456",
              },
            ],
            total: 15,
          }],
        }),
      },
    },
    async handle({ ctx, query }) {
      const { hits, total } = await searchEverything(ctx, { ...query, type: query.type ?? null });
      const results = hits.map((hit) => {
        const { type, id, title, subtitle, matchedMetadata } = hit;
        return {
          type,
          id,
          title,
          subtitle,
          url: urlOf(hit),
          ...matchedMetadata ? { matched_metadata: matchedMetadata } : {},
        };
      });
      return ok({ results, total });
    },
  })];
}

/** Where the panel shows it; a machine is shown on its license. */
function urlOf({ type, id, licenseId }: SearchHit): string {
  switch (type) {
    case "customer":
      return `/customer/edit/${id}`;
    case "license":
      return `/license/edit/${id}`;
    case "device":
      return `/license/edit/${licenseId}?device=${id}`;
    case "lead":
      return `/leads/edit/${id}`;
  }
}
