// What changed terms do to a license: which of its machines that are allowed are refused then, which limits are reached, and
// what lapses. Everything is evaluated by the policy, before and after.
import { type CalendarDay, dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { listMetersWith } from "../meters/usage.ts";
import { activationCapacity } from "../policy/capacity.ts";
import { type DenialCode, denialOf } from "../policy/evaluate.ts";
import { LAPSE_MARGIN, leaseLength } from "../policy/lease.ts";
import { appVersionOf } from "../releases/app_version.ts";
import type { PublishedReleases } from "../releases/published.ts";
import type { ExaminedLicense, PlanTermsReport, TermsChange } from "./examined.ts";

export interface ExaminedCircumstances {
  now: Date;
  /** Today in UTC. */
  day: CalendarDay;
  /** Those of the product, for the versions that machines reported last. */
  releases: PublishedReleases;
}

interface Change {
  before: ExaminedLicense;
  after: ExaminedLicense;
}

/** Samples for each code. */
const MAX_SAMPLES = 10;

/** Adds to a report what the change of a license does, but for its meters. */
export function noteEffects(
  report: PlanTermsReport,
  change: Change,
  circumstances: ExaminedCircumstances,
): void {
  noteRefusals(report, change, circumstances);
  const { before, after } = change;
  const { now, day, releases } = circumstances;
  const { activationsInUse } = before;
  if (newDenial(change, { day, activationsInUse }) === "ACTIVATION_LIMIT_REACHED") report.full++;
  const beyond = ({ maxActivations, machineOverage }: ExaminedLicense) =>
    Math.max(0, activationsInUse - activationCapacity({ maxActivations, machineOverage }));
  if (beyond(after) > beyond(before)) {
    report.overLimit.licenses++;
    report.overLimit.machines += beyond(after) - beyond(before);
  }
  const lapses = ({ machineLease }: ExaminedLicense, lastHeartbeat: number) =>
    machineLease !== null && lastHeartbeat + leaseLength(machineLease) + LAPSE_MARGIN <= now.getTime();
  for (const { lastHeartbeat } of before.machines) {
    if (lapses(after, lastHeartbeat) && !lapses(before, lastHeartbeat)) report.lapsing++;
  }
  const all = before.machines.reduce((sum, { seats }) => sum + seats, 0);
  // Where a machine can have one seat only, one that has it gets it again.
  const seatFacts = ({ seatScope }: ExaminedLicense, own: number) =>
    seatScope === "machine" ? { seatsInUse: own } : { seatsInUse: all, hasSeat: own > 0 };
  const losesSeats = before.machines.some(({ appVersion, seats }) => {
    const app = appVersionOf(releases, appVersion);
    return denialOf(before, { day, app, ...seatFacts(before, seats) }) === null &&
      denialOf(after, { day, app, ...seatFacts(after, seats) }) === "SESSION_LIMIT_REACHED";
  });
  if (losesSeats) report.fullSeats++;
}

/** Adds to a report which meters are full by the changes of licenses that may be used before and after. */
export async function noteMeterEffects(
  ctx: Context,
  report: PlanTermsReport,
  changes: readonly TermsChange[],
): Promise<void> {
  const day = dayOf(ctx.now);
  const concerned = changes.map(({ licenses }) => licenses).filter(({ before, after }) =>
    Object.keys(before.meters).length > 0 &&
    (before.meters !== after.meters || before.duration !== after.duration) &&
    denialOf(before, { day }) === null && denialOf(after, { day }) === null
  );
  if (concerned.length === 0) return;
  const read = async (licenses: ExaminedLicense[]) => {
    const found = await listMetersWith(
      ctx,
      licenses.map(({ id: licenseId, meters, duration }) => ({ licenseId, meters, duration })),
    );
    return found.map((meters) =>
      new Set(meters.filter(({ used, reserved, most }) => used + reserved < most).map(({ meter }) => meter))
    );
  };
  const [before, after] = [
    await read(concerned.map(({ before }) => before)),
    await read(concerned.map(({ after }) => after)),
  ];
  for (const [index, meters] of before.entries()) {
    report.fullMeters += [...meters].filter((meter) => !after[index].has(meter)).length;
  }
}

function noteRefusals(
  report: PlanTermsReport,
  change: Change,
  { day, releases }: ExaminedCircumstances,
): void {
  const { id: licenseId, machines } = change.before;
  const refusedCodes = new Set<DenialCode>();
  const note = (code: DenialCode | null, activationId: number | null) => {
    if (code === null) return;
    const refused = refusalsOf(report, code);
    if (activationId !== null) refused.machines++;
    if (!refusedCodes.has(code)) refused.licenses++;
    refusedCodes.add(code);
    if (refused.samples.length < MAX_SAMPLES) refused.samples.push({ licenseId, activationId });
  };
  for (const activation of machines) {
    const app = appVersionOf(releases, activation.appVersion);
    note(newDenial(change, { day, app, activation }), activation.id);
  }
  if (machines.length === 0) note(newDenial(change, { day }), null);
}

/** What refuses after the change what is allowed before it. */
function newDenial(
  { before, after }: Change,
  circumstances: Parameters<typeof denialOf>[1],
): DenialCode | null {
  return denialOf(before, circumstances) === null ? denialOf(after, circumstances) : null;
}

function refusalsOf({ refused }: PlanTermsReport, code: DenialCode) {
  return refused.find((refusal) => refusal.code === code) ??
    refused[refused.push({ code, licenses: 0, machines: 0, samples: [] }) - 1];
}
