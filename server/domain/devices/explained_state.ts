// What an explanation reads of a license and a device: terms, the activation, what is in use, and where the device is active.
import { countNewMachines, findRoomForNew } from "../activations/admit.ts";
import { componentDigests, type Components } from "../activations/components.ts";
import { isPlaceholderFingerprint } from "../activations/fingerprints.ts";
import { listSharedComponents } from "../activations/stored_components.ts";
import { findOtherActivation } from "../activations/unique_machine.ts";
import type { Context } from "../context.ts";
import { leaseEndOf } from "../licenses/lease_checks.ts";
import { getLicenseById } from "../licenses/list.ts";
import { type AdmissionFacts, comparesComponents } from "../policy/admission.ts";
import type { ExplainedDevice, ExplainedFacts } from "../policy/explained.ts";
import { recognise } from "../policy/machine_matching.ts";

/** The activation of a device. */
export interface ExplainedActivation {
  hardwareId: string;
  machineName: string | null;
  isActive: boolean;
  appVersion: string | null;
  hasLapsed: boolean;
  /** Milliseconds since 1970. */
  lastHeartbeat: number;
  /** When it lapses unless the device is heard of, milliseconds since 1970; null: never. */
  leaseEnds: number | null;
}

interface State {
  anchorDay: number | null;
  startsWith: ExplainedFacts["license"]["startsWith"];
  disableAt: Date | null;
  disableReason: string | null;
  enableAt: Date | null;
  activation: ExplainedActivation | null;
  seatsInUse: number;
  seats: ExplainedFacts["seats"];
}

/** Devices that are named as candidates for a deactivation. */
const MAX_IDLE_DEVICES = 5;

/**
 * A license and the activation of a device, which may be unknown.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function readExplainedState(ctx: Context, licenseId: number, hardwareId: string | null) {
  const listed = await getLicenseById(ctx, licenseId);
  const [{ activation, seatsInUse, seats, ...state }] = await ctx.db<State[]>`
    select
      l.anchor_day, l.starts_with, l.disable_at, l.disable_reason, l.enable_at,
      case when a.id is not null then jsonb_build_object(
        'hardwareId', a.hardware_id, 'machineName', a.machine_name, 'isActive', a.is_active,
        'appVersion', a.app_version, 'hasLapsed', coalesce(a.deactivation_reason = 'lapsed', false),
        'lastHeartbeat', extract(epoch from a.last_heartbeat) * 1000,
        'leaseEnds', extract(epoch from ${leaseEndOf(ctx)}) * 1000
      ) end as activation,
      (
        select count(*)
        from seats s
        where s.license_id = l.id and s.expires_at > ${ctx.now}
          and case l.seat_scope when 'machine' then s.activation_id = a.id else s.activation_id is distinct from a.id end
      ) as seats_in_use,
      jsonb_build_object(
        'hasSeat', l.seat_scope = 'license' and exists (
          select
          from seats s
          where s.activation_id = a.id and s.expires_at > ${ctx.now}
        ),
        'hasQueue', l.seat_queue,
        'waiting', (
          select count(*)
          from seat_tickets t
          join activations holder on holder.id = t.activation_id and holder.is_active
          where l.seat_queue and t.license_id = l.id and t.expires_at > ${ctx.now}
            and (l.seat_scope = 'license' or t.activation_id = a.id)
            and t.number < coalesce(
              (
                select min(own.number)
                from seat_tickets own
                where own.activation_id = a.id and own.expires_at > ${ctx.now} and l.seat_scope = 'license'
              ),
              t.number + 1
            )
        )
      ) as seats
    from licenses l
    left join activations a on a.license_id = l.id and a.hardware_id = ${hardwareId}
    where l.id = ${licenseId}`;
  return { license: { ...listed, ...state }, activation, seatsInUse, seats };
}

/** The device that is recognised by its components, where its fingerprint is unknown; null: none. */
export async function findRecognised(
  ctx: Context,
  { id, machineMatching }: Pick<ExplainedFacts["license"], "machineMatching"> & { id: number },
  components: Components,
) {
  if (!comparesComponents(machineMatching)) return { compared: undefined, hardwareId: null };
  const compared = await listSharedComponents(ctx, id, componentDigests(id, components));
  const recognised = recognise(machineMatching, compared);
  return { compared, hardwareId: compared.find(({ id }) => id === recognised)?.hardwareId ?? null };
}

/** What decides whether a device may be activated that is not. */
export async function readAdmissionFacts(
  ctx: Context,
  { id, machineUniqueness, maxNewMachines }:
    & Pick<ExplainedFacts["license"], "machineUniqueness" | "maxNewMachines">
    & { id: number },
  { hardwareId, isKnown }: { hardwareId: string | null; isKnown: boolean },
): Promise<{ facts: AdmissionFacts; roomForNewAt: Date | null }> {
  const isUnique = machineUniqueness !== "license" && hardwareId !== null;
  const countsNew = !isKnown && maxNewMachines !== null;
  return {
    facts: {
      isPlaceholder: hardwareId !== null && isPlaceholderFingerprint(hardwareId),
      ...isUnique ? { activeOn: await findOtherActivation(ctx.db, id, hardwareId) } : {},
      ...countsNew ? { newMachines: (await countNewMachines(ctx.db, [id], ctx.now)).get(id) ?? 0 } : {},
    },
    roomForNewAt: countsNew ? await findRoomForNew(ctx.db, { id, maxNewMachines }, ctx.now) : null,
  };
}

/** The active devices of a license that were idle longest. */
export async function listIdleDevices(ctx: Context, licenseId: number): Promise<ExplainedDevice[]> {
  return await ctx.db<ExplainedDevice[]>`
    select id, hardware_id, machine_name, last_heartbeat
    from activations
    where license_id = ${licenseId} and is_active
    order by last_heartbeat, id
    limit ${MAX_IDLE_DEVICES}`;
}
