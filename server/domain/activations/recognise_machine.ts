// Recognising a machine whose fingerprint changed by its components, and storing the components that it has now. The license's
// row is locked before the activations are compared, as every activation does, so that two machines never get one activation.
import { type Context, inTransaction } from "../context.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { recordEvent } from "../events/record.ts";
import type { Terms } from "../policy/inputs.ts";
import { areOfAnother, type MachineMatching, recognise } from "../policy/machine_matching.ts";
import { componentDigests, componentMark, type Components } from "./components.ts";
import { isPlaceholderFingerprint } from "./fingerprints.ts";
import { findOtherActivation, lockMachines } from "./unique_machine.ts";
import { listSharedComponents, storeComponents, storedDigests, storeMark } from "./stored_components.ts";

/** A machine of a license. */
export interface PresentedMachine {
  licenseId: number;
  hardwareId: string;
  components: Components;
}

/** The terms of a license that recognising a machine needs, its row locked until the transaction ends. */
interface LockedLicense {
  customerId: number;
  machineMatching: MachineMatching;
  machineUniqueness: Terms["machineUniqueness"];
}

/**
 * Rebinds the activation of a machine to the fingerprint that it has now. Call it in a transaction.
 *
 * @param options.mayBeInactive whether a deactivated activation is rebound as well
 * @returns the activation's id; null when the fingerprint has one already, the machine is not recognised, or it is active on
 *   another license where its license allows it once
 */
export async function rebindMachine(
  ctx: Context,
  { licenseId, hardwareId, components }: PresentedMachine,
  { mayBeInactive }: { mayBeInactive: boolean },
): Promise<number | null> {
  const license = await lockLicense(ctx, licenseId);
  if (!license || await findActivation(ctx, licenseId, hardwareId)) return null;
  const digests = componentDigests(licenseId, components);
  const machines = await listSharedComponents(ctx, licenseId, digests);
  const id = recognise(license.machineMatching, machines);
  const machine = machines.find((machine) => machine.id === id);
  if (!machine || !(machine.isActive || mayBeInactive)) return null;
  // An inactive activation is checked when it is activated.
  if (machine.isActive && license.machineUniqueness !== "license") {
    await lockMachines(ctx.db, [hardwareId]);
    if (await findOtherActivation(ctx.db, licenseId, hardwareId) !== null) return null;
  }
  const stored = await storedDigests(ctx, machine.id);
  const changed = [...new Set([...stored.keys(), ...digests.keys()])]
    .filter((name) => stored.get(name) !== digests.get(name)).sort();
  await ctx.db`
    update activations
    set hardware_id = ${hardwareId}
    where id = ${machine.id}`;
  await storeComponents(ctx, { activationId: machine.id, licenseId, components, digests });
  await recordEvent(ctx, {
    type: "activation.rebound",
    subjectId: machine.id,
    licenseId,
    customerId: license.customerId,
    activationId: machine.id,
    before: { hardwareId: machine.hardwareId },
    after: { hardwareId, changedComponents: changed },
  });
  return machine.id;
}

/**
 * Stores the components of an activated machine. Those of another activation are not stored: its machine has taken over the
 * fingerprint. Call it in a transaction that has locked the license.
 */
export async function learnComponents(
  ctx: Context,
  { activationId, licenseId, components }: { activationId: number } & Omit<PresentedMachine, "hardwareId">,
  matching: MachineMatching,
): Promise<void> {
  const digests = componentDigests(licenseId, components);
  const machines = await listSharedComponents(ctx, licenseId, digests);
  if (areOfAnother(matching, machines, activationId)) await storeMark(ctx, activationId, components);
  else await storeComponents(ctx, { activationId, licenseId, components, digests });
  // The mark is cached.
  ctx.changedTags?.add(tagOf("license", licenseId));
}

/**
 * Recognises a machine that says that it lives. One that is activated keeps its activation, and its components are stored if
 * they are others than before.
 *
 * @returns false when it is not activated and was not recognised
 */
export function noteMachine(ctx: Context, machine: PresentedMachine): Promise<boolean> {
  if (ctx.changedTags) return recogniseNow(ctx, machine);
  let pending = underWay.get(ctx.cache);
  if (!pending) underWay.set(ctx.cache, pending = new Map());
  const name = `${machine.licenseId} ${componentMark(machine.components)} ${machine.hardwareId}`;
  const shared = pending.get(name);
  // Where that fails, by the end of its own time for one, each tries for itself.
  if (shared) return shared.catch(() => recogniseNow(ctx, machine));
  const found = recogniseNow(ctx, machine).finally(() => pending.delete(name));
  pending.set(name, found);
  return found;
}

/** What is being found out about machines, by process. Calls of one machine share it, so that they do not queue for the license. */
const underWay = new WeakMap<Context["cache"], Map<string, Promise<boolean>>>();

async function recogniseNow(ctx: Context, machine: PresentedMachine): Promise<boolean> {
  const { licenseId, hardwareId, components } = machine;
  const known = await findActivation(ctx, licenseId, hardwareId);
  // Two calls of one machine: the other one was first.
  if (known?.isActive && known.componentMark === componentMark(components)) return true;
  // Most machines that are not activated are not recognised either: nothing is locked for them.
  const mayChange = known ? await areComponentsDue(ctx, known) : await sharesAny(ctx, machine);
  if (!mayChange) return known !== null;
  return await inTransaction(ctx, async (ctx) => {
    const license = await lockLicense(ctx, licenseId);
    if (!license) return false;
    const activation = await findActivation(ctx, licenseId, hardwareId);
    if (!activation) return await rebindMachine(ctx, machine, { mayBeInactive: false }) !== null;
    if (!activation.isActive || activation.componentMark === componentMark(components)) return true;
    await learnComponents(
      ctx,
      { activationId: activation.id, licenseId, components },
      license.machineMatching,
    );
    return true;
  });
}

async function sharesAny(
  ctx: Context,
  { licenseId, hardwareId, components }: PresentedMachine,
): Promise<boolean> {
  if (isPlaceholderFingerprint(hardwareId)) return false;
  return (await listSharedComponents(ctx, licenseId, componentDigests(licenseId, components))).length > 0;
}

/** Two machines with one fingerprint that call in turn do not change the components with each call. */
async function areComponentsDue(
  ctx: Context,
  { id, isActive, componentMark }: { id: number; isActive: boolean; componentMark: number | null },
): Promise<boolean> {
  if (!isActive) return false;
  if (componentMark === null) return true;
  const [{ isRecent }] = await ctx.db<{ isRecent: boolean }[]>`
    select coalesce(bool_or(abs(extract(epoch from ${ctx.now}::timestamptz - since)) < 3600), false) as is_recent
    from activation_components
    where activation_id = ${id}`;
  return !isRecent;
}

async function lockLicense(ctx: Context, licenseId: number): Promise<LockedLicense | null> {
  const [license] = await ctx.db<LockedLicense[]>`
    select customer_id, machine_matching, machine_uniqueness
    from licenses
    where id = ${licenseId} and deleted_at is null
    for no key update`;
  return license ?? null;
}

async function findActivation(ctx: Context, licenseId: number, hardwareId: string) {
  const [activation] = await ctx.db<{ id: number; isActive: boolean; componentMark: number | null }[]>`
    select id, is_active, component_mark
    from activations
    where license_id = ${licenseId} and hardware_id = ${hardwareId}`;
  return activation ?? null;
}
