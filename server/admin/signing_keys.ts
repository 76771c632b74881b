// The keys that sign entitlement tokens.
import { z } from "zod";
import { listSigningKeys } from "../domain/signing/public_keys.ts";
import { rotateSigningKey } from "../domain/signing/rotate.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { time } from "./schemas.ts";
import { wire } from "./wire.ts";

const signingKey = z.object({
  id: z.int().describe("The signing key's id"),
  kid: z.string().describe("Key id (`kid`) in tokens"),
  created_at: time,
  retired_at: time.nullable(),
}).meta({ id: "SigningKey" });

export function signingKeyEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Settings", dialect: documentedForm } as const;
  const withoutSecret = (
    { privateKey: _, publicKey: __, ...key }: Awaited<ReturnType<typeof rotateSigningKey>>,
  ) => key;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/signing-keys",
      operationId: "listSigningKeys",
      summary: "List signing keys",
      guard: guards.owner,
      answers: {
        200: {
          description: "Keys that verify unexpired tokens",
          schema: z.object({ rows: z.array(signingKey).describe("Signing keys, the active one first") }),
        },
      },
      handle: async ({ ctx }) => ok(wire({ rows: (await listSigningKeys(ctx)).map(withoutSecret) })),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/signing-keys/rotate",
      operationId: "rotateSigningKey",
      summary: "Rotate the signing key",
      description: "Tokens signed with the previous key can still be verified.",
      guard: guards.owner,
      changes: true,
      answers: { 200: { description: "The new signing key", schema: signingKey } },
      errors: ["REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx }) => ok(wire(withoutSecret(await rotateSigningKey(ctx)))),
    }),
  ];
}
