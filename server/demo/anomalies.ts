// Activity of the demo in which the worker detects anomalies: one of each kind.
import { activateLicense } from "../domain/activations/activate.ts";
import { recordRefusedHeartbeats } from "../domain/activations/refused_heartbeats.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/customers/customers.ts";
import { issueLicense } from "../domain/licenses/issue.ts";
import type { LicenseRow } from "../domain/licenses/license.ts";

const MINUTE = 60_000;

/**
 * Loads activity of the last hours that indicates shared licenses.
 *
 * @param ctx the system's, with the present time
 */
export async function loadAnomalies(ctx: Context, productId: number): Promise<void> {
  const ago = (minutes: number, address?: string): Context => ({
    ...ctx,
    now: new Date(ctx.now.getTime() - minutes * MINUTE),
    actor: address ? { kind: "anonymous" } : ctx.actor,
    address,
  });
  const customer = await createCustomer(ago(400), {
    name: "Harlequin Events",
    email: "office@harlequin.example",
  });
  const licenses: LicenseRow[] = [];
  for (let n = 0; n < 3; n++) {
    licenses.push(
      await issueLicense(ago(390), { customerId: customer.id, productId, maxActivations: 10, maxUsers: 10 }),
    );
  }
  const activate = (license: LicenseRow, name: string, minutes: number, address: string) =>
    activateLicense(ago(minutes, address), {
      licenseKey: license.key,
      hardwareId: `demo-${name}`,
      machineName: name.toUpperCase(),
      appVersion: "1.1.0",
    });

  // Seven machines within half an hour.
  for (let n = 1; n <= 7; n++) await activate(licenses[0], `rental-pc${n}`, 240 - 4 * n, `198.51.100.${n}`);
  // One laptop on three licenses.
  for (const [n, license] of licenses.entries()) {
    await activate(license, "stage-laptop", 180 - 30 * n, "203.0.113.20");
  }
  // A program that sends heartbeats too often.
  const { activation } = await activate(licenses[1], "light-desk", 90, "203.0.113.21");
  await recordRefusedHeartbeats(ctx.db, [{ activationId: activation.id, at: ago(30).now, count: 14 }]);
}
