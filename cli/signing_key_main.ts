// `deno task signing-key`: the keys that sign. `list` prints all; `rotate` replaces the default one, or that of a product;
// `announce` publishes the one that signs after the next rotation; `create` and `retire` begin and end the use of a product's own key.
import { parseArgs } from "node:util";
import { readDatabaseTime } from "../db/clock.ts";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { ConfigError, readEnvironment } from "../server/config.ts";
import type { Context } from "../server/domain/context.ts";
import { DomainError } from "../server/domain/errors.ts";
import { findProductByCode } from "../server/domain/products/visible.ts";
import { announceSigningKey } from "../server/domain/signing/announce.ts";
import { listSigningKeys, type PublishedKey } from "../server/domain/signing/public_keys.ts";
import { createSigningKey, retireSigningKey, rotateSigningKey } from "../server/domain/signing/rotate.ts";
import { systemContext } from "../server/domain/system_context.ts";
import { createCipher } from "../server/request/cipher.ts";
import { describeApiError } from "../server/request/error_form.ts";
import { exitWithError } from "../server/signals.ts";

const usage = `Use:
  deno task signing-key list
  deno task signing-key announce [--product CODE]
  deno task signing-key rotate [--product CODE]
  deno task signing-key create --product CODE
  deno task signing-key retire --product CODE`;

type Product = { id: number; code: string };

/** What each command does; it returns what is printed. */
const commands: Record<string, (ctx: Context, product: Product | null) => Promise<string>> = {
  async list(ctx) {
    return (await listSigningKeys(ctx)).map(describe).join("\n");
  },

  async announce(ctx, product) {
    const { kid } = await announceSigningKey(ctx, { productId: product?.id ?? null });
    return `${kid} is published, and signs once the key is rotated. Publish a version of the app that has it first.`;
  },

  async rotate(ctx, product) {
    const { kid } = await rotateSigningKey(ctx, { productId: product?.id ?? null });
    return `${kid} signs from now on. What earlier keys signed stays valid until it expires.`;
  },

  async create(ctx, product) {
    if (!product) throw new ConfigError(usage);
    const { kid } = await createSigningKey(ctx, { productId: product.id });
    return `${kid} signs for ${product.code} from now on. What the default key signed stays valid until it expires.`;
  },

  async retire(ctx, product) {
    if (!product) throw new ConfigError(usage);
    const { kid } = await retireSigningKey(ctx, { productId: product.id });
    return `${kid} is retired. The default key signs for ${product.code} from now on.`;
  },
};

await run(Deno.args).catch(exitWithError);
Deno.exit(0);

async function run(args: string[]): Promise<void> {
  const { values: { product: code }, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { product: { type: "string" } },
  });
  const command = Object.hasOwn(commands, positionals[0] ?? "") ? commands[positionals[0]] : null;
  if (!command) throw new ConfigError(usage);
  const { DATABASE_URL, ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS } = readEnvironment();
  if (!DATABASE_URL || !ENCRYPTION_KEY) {
    throw new ConfigError("Set DATABASE_URL and ENCRYPTION_KEY, as the server has them.");
  }
  const db = connect(DATABASE_URL, { max: 1, name: "latchkey signing-key", limits: timeLimits.start });
  try {
    const ctx = await systemContext(
      db,
      "signing-key",
      await readDatabaseTime(db),
      createCipher(ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS),
    );
    const product = code === undefined ? null : await findProductByCode(ctx, code);
    if (code !== undefined && !product) throw new ConfigError(`There is no product with the code ${code}.`);
    console.log(await command(ctx, product));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new ConfigError(describeApiError(error).message);
  } finally {
    await db.end();
  }
}

function describe(
  { kid, productCode, createdAt, isAnnounced, retiredAt, signedUntil }: PublishedKey,
): string {
  const of = productCode === null ? "default" : `product ${productCode}`;
  const since = `created ${createdAt.toISOString()}`;
  return retiredAt
    ? `${kid}  ${of}, ${since}, retired ${retiredAt.toISOString()}, published until ${signedUntil.toISOString()}`
    : `${kid}  ${of}, ${since}, ${isAnnounced ? "signs after the next rotation" : "signs"}`;
}
