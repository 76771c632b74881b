// What needs no credential: whether the API is well, and the keys by which entitlement tokens are checked.
import { z } from "zod";
import { listSigningKeys } from "../../domain/signing/public_keys.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { wireTime } from "../../request/wire_time.ts";
import { uploadBridgeForm } from "./form.ts";
import { time } from "./fields.ts";

export function openCalls(guards: Guards) {
  const common = { method: "get", tag: "Upload Bridge API", dialect: uploadBridgeForm } as const;
  return [
    endpoint({
      ...common,
      path: "/api/v2/health",
      guard: guards.probe,
      operationId: "getApiHealth",
      summary: "Check whether the API is up",
      answers: {
        200: {
          description: "The service is up",
          schema: z.object({
            status: z.literal("ok").describe("Always ok"),
            timestamp: time,
            version: z.literal("2.0").describe("The API's version"),
          }).meta({
            examples: [{ status: "ok", timestamp: "2025-01-27T12:00:00Z", version: "2.0" }],
          }),
        },
      },
      handle: ({ ctx }) => ok({ status: "ok", timestamp: wireTime(ctx.now), version: "2.0" }),
    }),

    endpoint({
      ...common,
      path: "/.well-known/jwks.json",
      guard: guards.open,
      operationId: "getSigningKeys",
      summary: "Get the public keys of entitlement tokens",
      description:
        "A JSON Web Key Set (RFC 7517). A key is published until the last token it signed expires.",
      answers: {
        200: {
          description: "Signing keys, the active one first",
          schema: z.object({
            keys: z.array(z.object({
              kty: z.literal("OKP").describe("Key type (RFC 8037)"),
              crv: z.literal("Ed25519").describe("Curve"),
              x: z.string().describe("Public key, base64url"),
              kid: z.string().describe("Key id: the thumbprint (RFC 7638)"),
              alg: z.literal("EdDSA").describe("Signature algorithm"),
              use: z.literal("sig").describe("Use of the key"),
            })).describe("The keys"),
          }),
        },
      },
      handle: async ({ ctx }) => ({
        ...ok({
          keys: (await listSigningKeys(ctx)).map(({ kid, publicKey }) => ({
            kty: "OKP" as const,
            crv: "Ed25519" as const,
            x: publicKey.x!,
            kid,
            alg: "EdDSA" as const,
            use: "sig" as const,
          })),
        }),
        headers: { "cache-control": "public, max-age=300" },
      }),
    }),
  ];
}
