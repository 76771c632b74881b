// The rows of a table of licenses beside each other and the database: what they refer to, and which keys exist already.
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import type {
  AcceptedRecord,
  CellError,
  DuplicateFinder,
  ImportedRecord,
  MatchedRecord,
} from "../imports/imported_kind.ts";
import type { ImportOptions } from "../imports/inputs.ts";
import { keyDigest } from "../licenses/key.ts";
import { digestOfRow, termsOfRow } from "./license_row.ts";
import { metadataOfRow } from "./open_columns.ts";
import { Catalogue, customerOf, getUserIds, listCustomersOf } from "./references.ts";
import type { ResolvedLicense } from "./resolved.ts";
import type { TableLicense } from "./table_license.ts";

type Row = ImportedRecord<TableLicense>;

export class LicenseRows implements DuplicateFinder<TableLicense> {
  private readonly catalogue = new Catalogue();
  /** The accepted row of each key, by digest. */
  private readonly accepted = new Map<string, AcceptedRecord<TableLicense>>();
  private readonly created = new Set<string>();

  constructor(private readonly options: Pick<ImportOptions, "createCustomers">) {}

  newCustomers(): number {
    return this.created.size;
  }

  async find(ctx: Context, rows: Row[]): Promise<MatchedRecord<TableLicense>[]> {
    await this.catalogue.load(ctx);
    const values = rows.map((row) => row.values);
    const customers = await listCustomersOf(ctx, values);
    const users = await getUserIds(ctx, values);
    const keys = values.map((row) => digestOfRow(row, (key) => keyDigest(key).toHex()));
    const existing = await findKeys(ctx, keys.flatMap(({ digest }) => digest ?? []));
    return rows.map((row, at): MatchedRecord<TableLicense> => {
      const { digest, error } = keys[at];
      const refused = (errors: CellError[]) => ({ row, original: null, accepted: null, errors });
      if (error) return refused([error]);
      const earlier = digest ? this.accepted.get(digest) : undefined;
      if (earlier) return refused([{ field: "Key", message: `is the key of row ${earlier.line} too` }]);
      const existingId = digest ? existing.get(digest) : undefined;
      if (existingId) return { row, original: { existingId }, accepted: null };
      const found = this.resolve(ctx, row.values, { customer: customers[at], users });
      if ("errors" in found) return refused(found.errors);
      row.values.resolved = found;
      if (found.customerId === null) this.created.add(customers[at].key);
      const accepted = { line: row.line, id: null, pending: row };
      if (digest) this.accepted.set(digest, accepted);
      return { row, original: null, accepted };
    });
  }

  forget(refused: AcceptedRecord<TableLicense>): void {
    for (const [digest, row] of this.accepted) if (row === refused) this.accepted.delete(digest);
  }

  private resolve(
    ctx: Context,
    row: TableLicense,
    { customer, users }: {
      customer: { customerId: number | null };
      users: Map<string, number>;
    },
  ): ResolvedLicense | { errors: CellError[] } {
    const errors: CellError[] = [];
    const product = this.catalogue.product(row.productCode);
    if (!product) errors.push({ field: "Product code", message: "is the code of no product" });
    const plan = product && row.planCode ? this.catalogue.plan(product.id, row.planCode) : null;
    if (product && row.planCode && !plan) {
      errors.push({ field: "Plan code", message: `is the code of no plan of ${product.name}` });
    }
    const newCustomer = customerOf(row);
    if (!newCustomer) errors.push({ field: "Customer", message: "is required, or an address in Email" });
    else if (customer.customerId === null && !this.options.createCustomers) {
      const field = newCustomer.email ? "Email" : "Customer";
      errors.push({
        field,
        message: "is no existing customer's. Import customers first, or let it create them",
      });
    }
    const userId = row.user ? users.get(row.user.toLowerCase()) ?? null : null;
    if (row.user && userId === null) errors.push({ field: "User", message: "is the address of no user" });
    if (row.disabledReason && !row.disabled) {
      errors.push({ field: "Disabled reason", message: "goes with a disabled license only" });
    }
    const { metadata, errors: metadataErrors } = metadataOfRow(row);
    errors.push(...metadataErrors);
    const found = termsOfRow(row, { productId: product?.id ?? 0, plan, today: dayOf(ctx.now) });
    if ("errors" in found) errors.push(...found.errors);
    if (errors.length > 0 || "errors" in found) return { errors };
    const { customerId } = customer;
    return {
      productId: product!.id,
      terms: found.terms,
      customerId,
      newCustomer: newCustomer!,
      userId,
      metadata,
    };
  }
}

/** The licenses that have these digests (hex), deleted ones too: their keys are taken. */
async function findKeys(ctx: Context, digests: string[]): Promise<Map<string, number>> {
  const found = await ctx.db<{ digest: string; id: number }[]>`
    select encode(key_digest, 'hex') as digest, id
    from licenses
    where key_digest in (select decode(digest, 'hex') from unnest(${digests}::text[]) as given (digest))`;
  return new Map(found.map(({ digest, id }) => [digest, id]));
}
