// Machines that may be active once within a plan, product or customer: those of the table beside each other and beside the
// activations that exist. Activations of the same machines wait until the import is saved.
import { lockMachines } from "../activations/unique_machine.ts";
import type { Context } from "../context.ts";
import type { ImportedRecord } from "../imports/imported_kind.ts";
import type { ImportOptions } from "../imports/inputs.ts";
import type { DeviceLicense } from "./device_license.ts";
import type { TableDevice } from "./table_device.ts";

/** Machines that a transaction locks; each takes room in PostgreSQL's table of locks. A batch has fewer. */
const MAX_LOCKS = 2000;

type Use = Pick<DeviceLicense, "id" | "customerId" | "productId" | "planId"> & { line: number | null };

export class UniqueMachines {
  /** Where a machine is active, by fingerprint. */
  private readonly uses = new Map<string, Use[]>();
  private readonly locked = new Set<string>();

  private readonly maxLocks: number;

  constructor(private readonly options: Pick<ImportOptions, "dryRun"> & { inBatches: boolean }) {
    this.maxLocks = options.inBatches ? Infinity : MAX_LOCKS;
  }

  /** Reads where the machines of a batch are active. */
  async load(ctx: Context, rows: { fingerprint: string; license: DeviceLicense | null }[]): Promise<void> {
    const fingerprints = [
      ...new Set(
        rows.flatMap(({ fingerprint, license }) =>
          license && license.machineUniqueness !== "license" && !this.locked.has(fingerprint) &&
            !this.isTooMany(fingerprint)
            ? [fingerprint]
            : []
        ),
      ),
    ].slice(0, this.maxLocks - this.locked.size).sort();
    if (fingerprints.length === 0) return;
    for (const fingerprint of fingerprints) this.locked.add(fingerprint);
    if (!this.options.dryRun) await lockMachines(ctx.db, fingerprints);
    const found = await ctx.db<(Use & { hardwareId: string })[]>`
      select a.hardware_id, l.id, l.customer_id, l.product_id, l.plan_id, null::integer as line
      from activations a
      join licenses l on l.id = a.license_id
      where a.hardware_id = any(${fingerprints}) and a.is_active and l.deleted_at is null`;
    for (const { hardwareId, ...use } of found) this.note(hardwareId, use);
  }

  /** Why a machine cannot be active on a license; null when it can. */
  refusalOf(license: DeviceLicense, { values: { fingerprint } }: ImportedRecord<TableDevice>): string | null {
    const { machineUniqueness } = license;
    if (machineUniqueness === "license") return null;
    if (this.isTooMany(fingerprint)) {
      return `is beyond the ${MAX_LOCKS} devices that one import registers on licenses whose devices are unique. Import it with another file`;
    }
    const key = ({ plan: "planId", product: "productId", customer: "customerId" } as const)[
      machineUniqueness
    ];
    const other = this.uses.get(fingerprint)?.find((use) =>
      use.id !== license.id && use[key] === license[key]
    );
    if (!other) return null;
    const where = other.line === null ? `license ${other.id}` : `the license of row ${other.line}`;
    return `is active on ${where}, and may be active once for each ${machineUniqueness}`;
  }

  /** Counts a machine as active. */
  add(license: DeviceLicense, { line, values }: ImportedRecord<TableDevice>): void {
    this.note(values.fingerprint, { ...license, line });
  }

  private note(fingerprint: string, use: Use): void {
    this.uses.set(fingerprint, [...this.uses.get(fingerprint) ?? [], use]);
  }

  private isTooMany(fingerprint: string): boolean {
    return this.locked.size >= this.maxLocks && !this.locked.has(fingerprint);
  }
}
