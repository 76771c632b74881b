// The keys that sign entitlement tokens, validations and license files.
import { z } from "zod";
import { announceSigningKey } from "../domain/signing/announce.ts";
import { listSigningKeys } from "../domain/signing/public_keys.ts";
import { createSigningKey, retireSigningKey, rotateSigningKey } from "../domain/signing/rotate.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { ApiErrorCode } from "../request/error_messages.ts";
import type { Guards } from "../request/guards.ts";
import { integer, oneId, time } from "./schemas.ts";
import { wire } from "./wire.ts";

const signingKey = z.object({
  id: z.int().describe("The signing key's id"),
  product_id: integer.nullable().describe("The product's id; null: a default key"),
  kid: z.string().describe("Key id (`kid`) in tokens"),
  created_at: time,
  is_announced: z.boolean().describe("Whether it is published and signs after the next rotation"),
  retired_at: time.nullable(),
}).meta({ id: "SigningKey" });

type Key = Awaited<ReturnType<typeof listSigningKeys>>[number];

function shown({ id, productId, kid, createdAt, isAnnounced, retiredAt }: Omit<Key, "productCode">) {
  return wire<z.infer<typeof signingKey>>({ id, productId, kid, createdAt, isAnnounced, retiredAt });
}

export function signingKeyEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Settings", dialect: documentedForm, guard: guards.owner } as const;
  const errors: ApiErrorCode[] = ["NOT_FOUND", "CONFLICT", "REAUTHENTICATION_REQUIRED"];
  const change = { ...common, method: "post", changes: true } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/signing-keys",
      operationId: "listSigningKeys",
      summary: "List signing keys",
      answers: {
        200: {
          description: "Keys that verify what has not expired",
          schema: z.object({
            rows: z.array(signingKey).describe(
              "Signing keys: the default ones, then those of products, the active one first, then the announced one",
            ),
          }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: (await listSigningKeys(ctx)).map(shown) }),
    }),

    endpoint({
      ...change,
      path: "/api/admin/signing-keys/announce",
      operationId: "announceSigningKey",
      summary: "Announce the next default signing key",
      description:
        "It is published at once and signs after the next rotation, so that apps can have it by then.",
      answers: { 201: { description: "The announced signing key", schema: signingKey } },
      errors: ["CONFLICT", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx }) => created(shown(await announceSigningKey(ctx))),
    }),

    endpoint({
      ...change,
      path: "/api/admin/signing-keys/rotate",
      operationId: "rotateSigningKey",
      summary: "Rotate the default signing key",
      description:
        "The announced key signs from then on, or a new one. What the previous key signed can still be verified.",
      answers: { 200: { description: "The new signing key", schema: signingKey } },
      errors: ["REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx }) => ok(shown(await rotateSigningKey(ctx))),
    }),

    endpoint({
      ...change,
      path: "/api/admin/products/{id}/signing-key",
      operationId: "createSigningKeyOfProduct",
      summary: "Create a signing key for a product",
      description:
        "It replaces the default key for this product. What that one signed for it can still be verified.",
      params: oneId,
      answers: { 201: { description: "The product's signing key", schema: signingKey } },
      errors,
      handle: async ({ ctx, params }) =>
        created(shown(await createSigningKey(ctx, { productId: params.id }))),
    }),

    endpoint({
      ...change,
      path: "/api/admin/products/{id}/signing-key/announce",
      operationId: "announceSigningKeyOfProduct",
      summary: "Announce the next signing key of a product",
      description:
        "It is published at once and signs after the next rotation, so that apps can have it by then. Where the product " +
        "has no key of its own, it signs once one is created.",
      params: oneId,
      answers: { 201: { description: "The announced signing key", schema: signingKey } },
      errors,
      handle: async ({ ctx, params }) =>
        created(shown(await announceSigningKey(ctx, { productId: params.id }))),
    }),

    endpoint({
      ...change,
      path: "/api/admin/products/{id}/signing-key/rotate",
      operationId: "rotateSigningKeyOfProduct",
      summary: "Rotate the signing key of a product",
      description:
        "The announced key signs from then on, or a new one. What the previous key signed can still be verified.",
      params: oneId,
      answers: { 200: { description: "The new signing key", schema: signingKey } },
      errors,
      handle: async ({ ctx, params }) => ok(shown(await rotateSigningKey(ctx, { productId: params.id }))),
    }),

    endpoint({
      ...change,
      path: "/api/admin/products/{id}/signing-key/retire",
      operationId: "retireSigningKeyOfProduct",
      summary: "Retire the signing key of a product",
      description:
        "The default key signs for the product from then on. What the key signed can still be verified.",
      params: oneId,
      answers: { 200: { description: "The retired key", schema: signingKey } },
      errors,
      handle: async ({ ctx, params }) => ok(shown(await retireSigningKey(ctx, { productId: params.id }))),
    }),
  ];
}
