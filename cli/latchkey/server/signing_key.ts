// `signing-key`: the keys that sign. `rotate` replaces the default one, or that of a product; `announce` publishes the one
// that signs after the next rotation; `create` and `retire` begin and end the use of a product's own key.
import type { Context } from "../../../server/domain/context.ts";
import { findProductByCode } from "../../../server/domain/products/visible.ts";
import { announceSigningKey } from "../../../server/domain/signing/announce.ts";
import { listSigningKeys, type PublishedKey } from "../../../server/domain/signing/public_keys.ts";
import {
  createSigningKey,
  retireSigningKey,
  rotateSigningKey,
} from "../../../server/domain/signing/rotate.ts";
import type { Result } from "../define.ts";
import { CommandError } from "../exit_codes.ts";
import { withContext } from "./settings.ts";

type Product = { id: number; code: string };

/** What each command does, and what is said of the key. */
const changes = {
  async announce(ctx: Context, product: Product | null) {
    const { kid } = await announceSigningKey(ctx, { productId: product?.id ?? null });
    return [
      kid,
      "is published, and signs once the key is rotated. Publish a version of the app that has it first.",
    ];
  },

  async rotate(ctx: Context, product: Product | null) {
    const { kid } = await rotateSigningKey(ctx, { productId: product?.id ?? null });
    return [kid, "signs from now on. What earlier keys signed stays valid until it expires."];
  },

  async create(ctx: Context, product: Product | null) {
    const { kid } = await createSigningKey(ctx, { productId: product!.id });
    return [
      kid,
      `signs for ${product!.code} from now on. What the default key signed stays valid until it expires.`,
    ];
  },

  async retire(ctx: Context, product: Product | null) {
    const { kid } = await retireSigningKey(ctx, { productId: product!.id });
    return [kid, `is retired. The default key signs for ${product!.code} from now on.`];
  },
};

/** @param code the product's; null for the default key */
export function runSigningKey(name: "list" | keyof typeof changes, code: string | null): Promise<Result> {
  return withContext("signing-key", async (ctx) => {
    if (name === "list") {
      const keys = await listSigningKeys(ctx);
      return { json: { rows: keys.map(wire) }, text: keys.map(describe).join("\n") };
    }
    const product = code === null ? null : await findProductByCode(ctx, code);
    if (code !== null && !product) {
      throw new CommandError("refused", `There is no product with the code ${code}.`);
    }
    const [kid, what] = await changes[name](ctx, product);
    return { json: { kid, product: product?.code ?? null }, text: `${kid} ${what}` };
  });
}

const wire = ({ kid, productCode, createdAt, isAnnounced, retiredAt, signedUntil }: PublishedKey) => ({
  kid,
  product: productCode,
  created_at: createdAt,
  is_announced: isAnnounced,
  retired_at: retiredAt,
  published_until: retiredAt ? signedUntil : null,
});

function describe(
  { kid, productCode, createdAt, isAnnounced, retiredAt, signedUntil }: PublishedKey,
): string {
  const of = productCode === null ? "default" : `product ${productCode}`;
  const since = `created ${createdAt.toISOString()}`;
  return retiredAt
    ? `${kid}  ${of}, ${since}, retired ${retiredAt.toISOString()}, published until ${signedUntil.toISOString()}`
    : `${kid}  ${of}, ${since}, ${isAnnounced ? "signs after the next rotation" : "signs"}`;
}
