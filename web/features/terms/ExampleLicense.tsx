// What the terms of a plan mean for a license that is issued today, in sentences.
import { For } from "solid-js";
import {
  addDays,
  type CalendarDay,
  daysBetween,
  endOfPeriod,
  extendPeriod,
  LAST_DAY,
} from "../../../server/domain/calendar.ts";
import { period } from "../../../server/domain/input_fields.ts";
import type { Terms } from "../../../server/domain/policy/inputs.ts";
import { formatCount, formatDay, formatDuration, formatNumber, today } from "../../lib/format.ts";
import { describeMeters } from "../meters/meter_labels.ts";
import { describeEntitlements } from "./entitlements.ts";

export function ExampleLicense(props: { terms: Terms }) {
  return (
    <section aria-label="Example license" class="rounded-md bg-sunken p-3 text-sm">
      <h3 class="font-medium">A license issued today</h3>
      <ul class="mt-1 list-disc space-y-1 pl-4 text-muted">
        <For each={describeExample(props.terms, today())}>{(sentence) => <li>{sentence}</li>}</For>
      </ul>
    </section>
  );
}

/** The sentences about a license with these terms. Terms that are not valid yet are left out. */
export function describeExample(terms: Terms, issued: CalendarDay): string[] {
  return [...time(terms, issued), ...devices(terms), ...users(terms), ...use(terms)];
}

function time(terms: Terms, issued: CalendarDay): string[] {
  const { duration, expiryBasis, graceDays, afterExpiry, updates, versions } = terms;
  const sentences: string[] = [];
  const isPeriod = duration !== null && period.safeParse(duration).success;
  const start = expiryBasis === "issue"
    ? ""
    : ` from its ${expiryBasis.replace("first_", "first ").replace("_", "-")}`;
  const end = isPeriod ? endOfPeriod(issued, duration) : null;
  if (duration === null) sentences.push("Never expires.");
  else if (end && start) {
    sentences.push(`Is valid for ${formatDuration(duration)}${start}; until then it does not expire.`);
  } else if (end) sentences.push(`Expires ${formatDay(end.validUntil)}.`);
  if (end && !start) {
    const next = extendPeriod(end, duration!);
    if (terms.renewalBasis === "expiry" && next) {
      sentences.push(`Renewed once, it expires ${formatDay(next.validUntil)}.`);
    }
  }
  const last = end && !start ? later(end.validUntil, graceDays) : null;
  if (end && graceDays > 0) {
    sentences.push(
      last
        ? `Stays valid as a grace period, the last day being ${formatDay(last)}.`
        : `Stays valid for another ${formatCount(graceDays, "day")} as a grace period.`,
    );
  }
  if (end) sentences.push(`After that ${after[afterExpiry]}.`);
  if (updates !== null && period.safeParse(updates).success) {
    const until = endOfPeriod(issued, updates)?.validUntil ?? LAST_DAY;
    sentences.push(
      start
        ? `Includes releases of ${formatDuration(updates)}.`
        : `Includes releases until ${formatDay(until)}.`,
    );
  }
  if (versions) sentences.push(`Covers versions ${versions}.`);
  return sentences;
}

const after: Record<Terms["afterExpiry"], string> = {
  refuse: "apps are refused",
  entitled_versions: "versions released while updates were included go on working",
  allow: "apps go on working",
};

function devices(terms: Terms): string[] {
  const { maxActivations, machineOverage, machineReplacement, replacementIdleDays } = terms;
  if (maxActivations === null) return [];
  const extra = machineOverage === null ? null : Math.floor(maxActivations * machineOverage / 100);
  const beyond = extra === null
    ? ", and any number beyond"
    : extra > 0
    ? `, and ${formatNumber(extra)} beyond`
    : "";
  const sentences = [`Can be activated on ${formatCount(maxActivations, "device")}${beyond}.`];
  if (machineReplacement === "longest_idle") {
    sentences.push(
      `When the limit is reached, a new device replaces one that was idle for ${
        formatCount(replacementIdleDays, "day")
      }.`,
    );
  }
  if (terms.maxNewMachines !== null) {
    sentences.push(`At most ${formatCount(terms.maxNewMachines, "new device")} within 30 days.`);
  }
  if (terms.machineLease) {
    sentences.push(
      `A device that is not heard of for ${formatDuration(terms.machineLease)} frees its activation.`,
    );
  }
  if (terms.offlineDays > 0) {
    sentences.push(
      `Works for ${formatCount(terms.offlineDays, "day")} without a connection${
        terms.offlineBorrowing ? ", for which the device keeps its activation" : ""
      }.`,
    );
  }
  return sentences;
}

function users({ maxUsers, seatScope, seatQueue }: Terms): string[] {
  if (maxUsers === null) return [];
  const where = seatScope === "machine" ? " on each device" : "";
  return [
    `Can be used by ${formatCount(maxUsers, "concurrent user")}${where}${
      seatQueue ? "; the next one waits in a queue" : ""
    }.`,
  ];
}

function use({ entitlements, meters, trialPer }: Terms): string[] {
  return [
    ...Object.keys(entitlements).length > 0 ? [`Entitles to ${describeEntitlements(entitlements)}.`] : [],
    ...Object.keys(meters).length > 0 ? [`Meters ${describeMeters(meters)}.`] : [],
    ...trialPer === "none"
      ? []
      : [`Is a trial: one for each ${trialPer === "machine" ? "device" : trialPer}.`],
  ];
}

/** A number of days later, at most the calendar's last day. */
function later(day: CalendarDay, days: number): CalendarDay {
  return addDays(day, Math.min(days || 0, daysBetween(day, LAST_DAY)));
}
