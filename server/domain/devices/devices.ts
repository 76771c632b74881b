// Machines for people: which ones use a license, and registering or freeing one by hand. A machine is admitted by the
// same verb that admits it when its app asks.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import type { deviceList } from "../licenses/inputs.ts";
import { getLicenseById } from "../licenses/list.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";
import { type CheckResult, evaluate, type Evaluation } from "../policy/evaluate.ts";
import { type Activated, activateLicense, type MachineReport } from "../activations/activate.ts";
import type { ActivationRow } from "../activations/activation.ts";
import { deactivateActivation } from "../activations/deactivate.ts";

export type ListedDevice = ActivationRow & {
  licenseKey: string;
  customerId: number;
  customerName: string;
  productId: number;
  productName: string;
};

/** Machines, the newest first. */
export async function listDevices(
  ctx: Context,
  query: z.infer<typeof deviceList>,
): Promise<Page<ListedDevice>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedDevice>(ctx, query, {
    columns: ctx.db`
      a.*, l.key as license_key, c.id as customer_id, c.name as customer_name, p.id as product_id,
      p.name as product_name`,
    from: ctx.db`
      activations a
      join licenses l on l.id = a.license_id
      join customers c on c.id = l.customer_id
      join products p on p.id = l.product_id`,
    where: [
      ctx.db`l.deleted_at is null`,
      query.licenseId ? ctx.db`a.license_id = ${query.licenseId}` : null,
      query.customerId ? ctx.db`l.customer_id = ${query.customerId}` : null,
      query.userId ? ctx.db`l.user_id = ${query.userId}` : null,
      query.productId ? ctx.db`l.product_id = ${query.productId}` : null,
      query.appVersion ? ctx.db`a.app_version = ${query.appVersion}` : null,
      query.isActive === undefined ? null : ctx.db`a.is_active = ${query.isActive}`,
      query.q
        ? ctx.db`(a.machine_name ilike ${containsPattern(query.q)} or a.hardware_id ilike ${
          containsPattern(query.q)
        })`
        : null,
    ],
    sorts: { id: { by: "a.id", type: "bigint" } },
    defaultSort: "-id",
    id: "a.id",
  });
}

/** Every machine that ever was on a license, the newest first; refuses `NOT_FOUND`. */
export async function listDevicesOf(ctx: Context, licenseId: number): Promise<ActivationRow[]> {
  await getKept(ctx, licenseId);
  return await ctx.db<ActivationRow[]>`
    select *
    from activations
    where license_id = ${licenseId}
    order by id desc`;
}

/**
 * Registers a machine on a license by hand.
 *
 * @throws DomainError `NOT_FOUND`, and what activating refuses
 */
export async function registerDevice(
  ctx: Context,
  licenseId: number,
  machine: Omit<MachineReport, "licenseKey">,
): Promise<Activated> {
  requireRole(ctx, "manager");
  const license = await getKept(ctx, licenseId);
  return await activateLicense(ctx, { ...machine, licenseKey: license.key });
}

/**
 * Frees the place a machine holds. One that holds none stays so.
 *
 * @throws DomainError `NOT_FOUND` when the machine is not on this license
 */
export async function deactivateDevice(ctx: Context, licenseId: number, deviceId: number): Promise<void> {
  requireRole(ctx, "manager");
  await getKept(ctx, licenseId);
  const [device] = await ctx.db`
    select 1
    from activations
    where id = ${deviceId} and license_id = ${licenseId}`;
  if (!device) {
    refuse("NOT_FOUND", { subject: "device", field: "deviceId" });
  }
  await deactivateActivation(ctx, licenseId, deviceId);
}

/** What a machine would be told now, with every check in the order it is made: the answer to "why?". */
export async function explainValidation(
  ctx: Context,
  licenseId: number,
  hardwareId: string | null,
): Promise<{ verify: Evaluation["code"]; activate: Evaluation["code"]; checks: CheckResult[] }> {
  requireRole(ctx, "viewer");
  const license = await getKept(ctx, licenseId);
  const [row] = await ctx.db<ActivationRow[]>`
    select *
    from activations
    where license_id = ${licenseId} and hardware_id = ${hardwareId}`;
  const activation = row ?? null;
  const day = dayOf(ctx.now);
  const { activationsInUse } = license;
  return {
    verify: evaluate(license, { day, activation }).code,
    activate: evaluate(license, activation?.isActive ? { day } : { day, activationsInUse }).code,
    checks: evaluate(license, { day, activation, activationsInUse }).checks,
  };
}

async function getKept(ctx: Context, licenseId: number) {
  const license = await getLicenseById(ctx, licenseId);
  if (license.deletedAt) {
    refuse("NOT_FOUND", { subject: "license", field: "licenseId" });
  }
  return license;
}
