// Signing keys: list and rotate.
import { listSigningKeys } from "../domain/signing/public_keys.ts";
import { rotateSigningKey } from "../domain/signing/rotate.ts";
import { owner, router } from "./trpc.ts";

export const signingKeysRouter = router({
  list: owner.query(async ({ ctx: { ctx } }) =>
    (await listSigningKeys(ctx)).map(({ privateKey: _, ...key }) => key)
  ),
  rotate: owner.mutation(async ({ ctx: { ctx } }) => {
    const { privateKey: _, ...key } = await rotateSigningKey(ctx);
    return key;
  }),
});
