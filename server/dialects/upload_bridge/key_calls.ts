// The public keys that apps check signatures with: the default ones, and those of a product.
import { z } from "zod";
import { refuse } from "../../domain/errors.ts";
import { type Algorithm, algorithms } from "../../domain/signing/signing_key.ts";
import { findPublicKeys, type PublicKey } from "../../domain/signing/public_keys.ts";
import { getStatusList, REFRESH } from "../../domain/license_files/status_list.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { statusListUrl, wireStatusList } from "../../request/wire_files.ts";
import { documentedForm } from "../../request/error_form.ts";
import { uploadBridgeForm } from "./form.ts";

const keySet = z.object({
  keys: z.array(z.object({
    kty: z.literal("OKP").describe("Key type (RFC 8037)"),
    crv: z.literal("Ed25519").describe("Curve"),
    x: z.string().describe("Public key, base64url"),
    kid: z.string().describe("Key id: the thumbprint (RFC 7638)"),
    alg: z.enum(algorithms).describe("Signature algorithm"),
    use: z.literal("sig").describe("Use of the key"),
  })).describe("The keys"),
});

export function keyCalls(guards: Guards) {
  const common = {
    method: "get",
    tag: "Upload Bridge API",
    dialect: uploadBridgeForm,
    guard: guards.open,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/.well-known/jwks.json",
      operationId: "getSigningKeys",
      summary: "Get the public keys of entitlement tokens",
      description:
        "A JSON Web Key Set (RFC 7517): the default keys. A key is published until the last token it signed expires. " +
        "`alg` is what tokens say, EdDSA or, by the setting, Ed25519.",
      answers: { 200: { description: "Signing keys, the active one first", schema: keySet } },
      handle: async ({ ctx }) =>
        answered((await findPublicKeys(ctx, null))!, ctx.settings.olderTokenAlgorithm ? "EdDSA" : "Ed25519"),
    }),

    endpoint({
      ...common,
      dialect: documentedForm,
      path: "/.well-known/jwks/{product}.json",
      operationId: "getSigningKeysOfProduct",
      summary: "Get the public keys of a product",
      description:
        "The keys that verify validations and license files of the product: its own, and the default ones " +
        "while something that they signed for it has not expired, or it has none of its own.",
      params: z.object({
        product: z.string().max(100).transform((name) => name.replace(/\.json$/, "")).describe(
          "The product's code",
        ),
      }),
      answers: { 200: { description: "Signing keys, the active one first", schema: keySet } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) =>
        answered(
          await findPublicKeys(ctx, params.product) ??
            refuse("NOT_FOUND", { subject: "product", field: "product" }),
          "Ed25519",
        ),
    }),

    endpoint({
      ...common,
      dialect: documentedForm,
      path: "/.well-known/license-status/{list}",
      operationId: "getLicenseStatusList",
      summary: "Get a list of revoked license files",
      description:
        "A Token Status List (IETF draft-ietf-oauth-status-list) as a signed JWT, at most a minute old. " +
        "A license file names its list and its place in it.",
      params: z.object({
        list: z.string().max(40).describe("The list's name, as in the claim status of a file"),
      }),
      answers: {
        200: {
          description: "The list",
          type: "application/statuslist+jwt",
          example: "eyJhbGciOiJFZDI1NTE5IiwidHlwIjoic3RhdHVzbGlzdCtqd3QifQ.eyJ0dGwiOjMwfQ.EXAMPLE",
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, request }) {
        const url = statusListUrl(request.services.site.publicUrl, params.list);
        const { jws } = await getStatusList(ctx, { list: params.list, url }, wireStatusList);
        return {
          ...ok(jws),
          headers: {
            "content-type": "application/statuslist+jwt",
            "cache-control": `public, max-age=${REFRESH / 1000}`,
          },
        };
      },
    }),
  ];
}

function answered(keys: PublicKey[], alg: Algorithm) {
  return {
    ...ok({
      keys: keys.map(({ kid, x }) => ({
        kty: "OKP" as const,
        crv: "Ed25519" as const,
        x,
        kid,
        alg,
        use: "sig" as const,
      })),
    }),
    headers: { "cache-control": "public, max-age=300" },
  };
}
