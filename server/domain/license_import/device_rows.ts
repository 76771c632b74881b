// The rows of a table of devices beside each other and the database: their licenses, devices that exist already, and the
// limits, which hold as for an activation.
import { countNewMachines, isNewMachine, NEW_MACHINE_DAYS } from "../activations/admit.ts";
import { isPlaceholderFingerprint } from "../activations/fingerprints.ts";
import type { Context } from "../context.ts";
import { isDomainError } from "../errors.ts";
import type {
  AcceptedRecord,
  CellError,
  DuplicateFinder,
  ImportedRecord,
  MatchedRecord,
} from "../imports/imported_kind.ts";
import type { ImportOptions } from "../imports/inputs.ts";
import { candidateDigests, parseKey } from "../licenses/key.ts";
import { activationCapacityOf } from "../policy/conditions.ts";
import type { DeviceLicense } from "./device_license.ts";
import { metadataOfRow } from "./open_columns.ts";
import { activeSince, type TableDevice } from "./table_device.ts";
import { UniqueMachines } from "./unique_machines.ts";

type Row = ImportedRecord<TableDevice>;
type Options = Pick<ImportOptions, "dryRun"> & { inBatches: boolean };

export class DeviceRows implements DuplicateFinder<TableDevice> {
  private readonly licenses = new Map<number, DeviceLicense>();
  private readonly accepted = new Map<string, AcceptedRecord<TableDevice>>();
  private readonly unique: UniqueMachines;

  /** @param earlier the rows that earlier transactions saved */
  constructor(
    private readonly options: Options,
    private readonly earlier = new Map<string, AcceptedRecord<TableDevice>>(),
  ) {
    this.unique = new UniqueMachines(options);
  }

  next(): DeviceRows {
    for (const [name, row] of this.accepted) this.earlier.set(name, row);
    return new DeviceRows(this.options, this.earlier);
  }

  async find(ctx: Context, rows: Row[]): Promise<MatchedRecord<TableDevice>[]> {
    const digests = rows.map(({ values }) => digestsOf(values.license));
    const byDigest = await this.findLicenses(ctx, digests.flat());
    const licenses = digests.map((own) => own.flatMap((digest) => byDigest.get(digest) ?? [])[0] ?? null);
    const existing = await findExisting(ctx, rows, licenses);
    await this.unique.load(ctx, rows.map(({ values }, at) => ({ ...values, license: licenses[at] })));
    return rows.map((row, at): MatchedRecord<TableDevice> => {
      const license = licenses[at];
      const refused = (field: string, message: string) => ({
        row,
        original: null,
        accepted: null,
        errors: [{ field, message }],
      });
      if (!license) return refused("License", "is the key of no license");
      const { fingerprint, active = true } = row.values;
      const name = nameOf(license.id, fingerprint);
      const earlier = this.accepted.get(name) ?? this.earlier.get(name);
      if (earlier) {
        return refused("Fingerprint", `is that of row ${earlier.line} too, on the same license`);
      }
      const existingId = existing.get(name);
      if (existingId) return { row, original: { existingId }, accepted: null };
      const error = isPlaceholderFingerprint(fingerprint)
        ? "is a placeholder that many devices share"
        : timeError(ctx.now, row.values) ?? (active ? this.refusalOf(license, row) : null);
      if (typeof error === "string") return refused("Fingerprint", error);
      if (error) return refused(error.field, error.message);
      const { metadata, errors } = metadataOfRow(row.values);
      if (errors.length > 0) return { row, original: null, accepted: null, errors };
      row.values.allMetadata = metadata;
      if (active) {
        license.inUse++;
        this.unique.add(license, row);
      }
      row.values.isNew = isNewMachine(activeSince(row.values) ?? ctx.now, ctx.now);
      if (row.values.isNew) license.newMachines++;
      row.values.ofLicense = license;
      const accepted = { line: row.line, id: null, pending: row };
      this.accepted.set(name, accepted);
      return { row, original: null, accepted };
    });
  }

  forget(refused: AcceptedRecord<TableDevice>): void {
    for (const [name, row] of this.accepted) {
      if (row !== refused) continue;
      this.accepted.delete(name);
      const license = this.licenses.get(Number(name.slice(0, name.indexOf(" "))))!;
      if (refused.pending?.values.active ?? true) license.inUse--;
      if (refused.pending?.values.isNew) license.newMachines--;
    }
  }

  private refusalOf(license: DeviceLicense, row: Row): CellError | null {
    if (license.inUse >= license.capacity) {
      const message =
        `has all ${license.capacity} activations in use. Raise its activation limit, or leave devices out`;
      return { field: "License", message };
    }
    // A device with a date was activated elsewhere, and keeps its history.
    const { maxNewMachines, newMachines } = license;
    if (maxNewMachines !== null && newMachines >= maxNewMachines && activeSince(row.values) === null) {
      const message = `has had all its ${maxNewMachines} new devices of ${NEW_MACHINE_DAYS} days. ` +
        "Say in Activated when the device was activated, or leave it out";
      return { field: "License", message };
    }
    const message = this.unique.refusalOf(license, row);
    return message === null ? null : { field: "Fingerprint", message };
  }

  /**
   * The licenses of a batch by digest (hex). They are locked, unless it is a dry run, so that until the end of the transaction
   * no other device takes an activation that was counted as free.
   */
  private async findLicenses(ctx: Context, digests: string[]): Promise<Map<string, DeviceLicense>> {
    const found = await ctx.db<DeviceLicense[]>`
      select
        l.id, encode(l.key_digest, 'hex') as digest, l.customer_id, l.product_id, l.plan_id, l.machine_uniqueness,
        l.max_new_machines, ${activationCapacityOf(ctx, "l")} as capacity, l.activations_in_use as in_use
      from licenses l
      where l.key_digest in (select decode(digest, 'hex') from unnest(${digests}::text[]) as given (digest))
        and l.deleted_at is null
      order by l.id
      ${this.options.dryRun ? ctx.db`` : ctx.db`for no key update`}`;
    const licenses = found.filter(({ id }) => !this.licenses.has(id));
    // After the licenses are locked, so that devices count that were activated while it waited.
    const limited = licenses.flatMap(({ id, maxNewMachines }) => maxNewMachines === null ? [] : [id]);
    const newMachines = limited.length > 0 ? await countNewMachines(ctx.db, limited, ctx.now) : new Map();
    for (const license of licenses) {
      this.licenses.set(license.id, { ...license, newMachines: newMachines.get(license.id) ?? 0 });
    }
    return new Map(found.map(({ id, digest }) => [digest, this.licenses.get(id)!]));
  }
}

const nameOf = (licenseId: number, fingerprint: string) => `${licenseId} ${fingerprint}`;

/** The digests of the licenses that a key may mean, hex; none for what is no key. */
function digestsOf(key: string): string[] {
  try {
    return candidateDigests(parseKey(key)).map((digest) => digest.toHex());
  } catch (error) {
    if (isDomainError(error, "INVALID_LICENSE")) return [];
    throw error;
  }
}

function timeError(now: Date, { activated, lastSeen }: TableDevice): CellError | null {
  if (activated && activated > now) return { field: "Activated", message: "is in the future" };
  return lastSeen && lastSeen > now ? { field: "Last seen", message: "is in the future" } : null;
}

/** The activations that exist, active or not, by `nameOf`. */
async function findExisting(
  ctx: Context,
  rows: Row[],
  licenses: (DeviceLicense | null)[],
): Promise<Map<string, number>> {
  const found = await ctx.db<{ id: number; licenseId: number; hardwareId: string }[]>`
    select a.id, a.license_id, a.hardware_id
    from unnest(
      ${licenses.map((license) => license?.id ?? null)}::bigint[],
      ${rows.map(({ values }) => values.fingerprint)}::text[]
    ) as given (license_id, hardware_id)
    join activations a on a.license_id = given.license_id and a.hardware_id = given.hardware_id`;
  return new Map(found.map(({ id, licenseId, hardwareId }) => [nameOf(licenseId, hardwareId), id]));
}
