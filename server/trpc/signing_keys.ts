// Signing keys: list, announce, create, rotate and retire.
import { anyKey, productKey } from "../domain/signing/inputs.ts";
import { announceSigningKey } from "../domain/signing/announce.ts";
import { listSigningKeys } from "../domain/signing/public_keys.ts";
import { createSigningKey, retireSigningKey, rotateSigningKey } from "../domain/signing/rotate.ts";
import { owner, router } from "./trpc.ts";

export const signingKeysRouter = router({
  list: owner.query(({ ctx: { ctx } }) => listSigningKeys(ctx)),
  announce: owner.input(anyKey).mutation(async ({ ctx: { ctx }, input }) => {
    const { privateKey: _, ...key } = await announceSigningKey(ctx, input);
    return key;
  }),
  create: owner.input(productKey).mutation(async ({ ctx: { ctx }, input }) => {
    const { privateKey: _, ...key } = await createSigningKey(ctx, input);
    return key;
  }),
  rotate: owner.input(anyKey).mutation(async ({ ctx: { ctx }, input }) => {
    const { privateKey: _, ...key } = await rotateSigningKey(ctx, input);
    return key;
  }),
  retire: owner.input(productKey).mutation(async ({ ctx: { ctx }, input }) => {
    const { privateKey: _, ...key } = await retireSigningKey(ctx, input);
    return key;
  }),
});
