// One change to many licenses, in chunks, so that it shows its progress and can be stopped. Undo reverts only the
// licenses that it changed.
import { formatCount, formatDay, formatInstant } from "../../../lib/format.ts";
import { type Inputs, type Outputs, trpc } from "../../../lib/trpc.ts";

export type BulkAction = Inputs["licenses"]["preview"]["action"];
export type Preview = Outputs["licenses"]["preview"];
type Ends = Outputs["licenses"]["extend"]["ends"];
type Customers = Outputs["licenses"]["transfer"]["customers"];

/** A change with what is chosen for it. */
export type BulkRequest =
  | { action: Exclude<BulkAction, "extend" | "transfer" | "enable" | "disable"> }
  | { action: "enable" | "disable"; reason?: string; at?: string }
  | { action: "extend"; by: string }
  | { action: "transfer"; customerId: number; fromCustomerId?: number };

/** Licenses per call. */
const CHUNK_SIZE = 500;

interface ActionLabels {
  verb: string;
  /** "Disabled". */
  done: string;
  /** Why some licenses do not change. */
  unchanged: string;
  /** The effect on their machines. */
  machines: string;
}

export const actionLabels: Record<BulkAction, ActionLabels> = {
  enable: {
    verb: "Enable",
    done: "Enabled",
    unchanged: "already enabled",
    machines: "will work again, unless their license has expired",
  },
  disable: {
    verb: "Disable",
    done: "Disabled",
    unchanged: "already disabled",
    machines: "will be rejected; activations are kept",
  },
  delete: {
    verb: "Delete",
    done: "Deleted",
    unchanged: "already deleted",
    machines: "will be rejected; licenses can be restored for 30 days",
  },
  restore: {
    verb: "Restore",
    done: "Restored",
    unchanged: "not deleted",
    machines: "will work again",
  },
  extend: {
    verb: "Extend",
    done: "Extended",
    unchanged: "never expire, or expire on Dec 31, 9999",
    machines: "will work longer",
  },
  renew: {
    verb: "Renew",
    done: "Renewed",
    unchanged: "no duration, never expire, or would not end later",
    machines: "will work longer",
  },
  transfer: {
    verb: "Transfer",
    done: "Transferred",
    unchanged: "already licenses of this customer",
    machines: "will work as before",
  },
};

/**
 * The value of one license before and after.
 *
 * @param newCustomer the name of the customer of a transfer
 */
export function describeChange(
  action: BulkAction,
  { before, after, customerName }: Preview["first"][number],
  newCustomer: string | undefined,
): [string, string] {
  if (action === "transfer") return [customerName, newCustomer ?? ""];
  if (action === "delete") return ["Present", "Deleted"];
  if (action === "restore") return ["Deleted", "Restored"];
  if (after?.disableAt || after?.enableAt) return [describeSchedule(before), describeSchedule(after)];
  if (action !== "extend" && action !== "renew") {
    return [before?.isActive ? "Active" : "Disabled", after?.isActive ? "Active" : "Disabled"];
  }
  return [formatDay(before?.validUntil as string | null), formatDay(after?.validUntil as string | null)];
}

/** "Disabled Jan 31, 2027, 18:00" */
function describeSchedule(schedule: Record<string, unknown> | null): string {
  const part = (word: string, at: unknown) => at ? `${word} ${formatInstant(String(at))}` : null;
  const parts = [part("Disabled", schedule?.disableAt), part("enabled", schedule?.enableAt)];
  return parts.filter((part) => part !== null).join(", ") || "Nothing scheduled";
}

/** A finished change, with what undo needs. */
export interface BulkChange {
  action: BulkAction;
  /** Whether it will happen later. */
  isScheduled: boolean;
  ids: number[];
  ends: Ends;
  customers: Customers;
}

/** A change that has not begun. */
export const noChange = (action: BulkAction): BulkChange => ({
  action,
  isScheduled: false,
  ids: [],
  ends: [],
  customers: [],
});

/** A running change. */
export interface RunningChange {
  /** Called with the number of licenses that are done. */
  onProgress(count: number): void;
  /** Asked between two chunks. */
  isStopped(): boolean;
}

/** Changes licenses in chunks. `done` is updated after each chunk, so that it is right when a later chunk fails. */
export async function changeInChunks(
  done: BulkChange,
  licenseIds: number[],
  request: BulkRequest,
  work: RunningChange,
): Promise<void> {
  for (let at = 0; at < licenseIds.length && !work.isStopped(); at += CHUNK_SIZE) {
    const chunk = { licenseIds: licenseIds.slice(at, at + CHUNK_SIZE) };
    if (request.action === "extend") {
      const { ends } = await trpc.licenses.extend.mutate({ ...chunk, by: request.by });
      done.ends.push(...ends);
      done.ids.push(...ends.map(({ id }) => id));
    } else if (request.action === "renew") {
      const { ends } = await trpc.licenses.renew.mutate(chunk);
      done.ends.push(...ends);
      done.ids.push(...ends.map(({ id }) => id));
    } else if (request.action === "transfer") {
      const { action: _, ...to } = request;
      const { customers } = await trpc.licenses.transfer.mutate({ ...chunk, ...to });
      done.customers.push(...customers);
      done.ids.push(...customers.map(({ id }) => id));
    } else if (request.action === "enable" || request.action === "disable") {
      const { action, ...when } = request;
      done.isScheduled = when.at !== undefined;
      done.ids.push(...await calls[action].mutate({ ...chunk, ...when }));
    } else done.ids.push(...await calls[request.action].mutate(chunk));
    work.onProgress(Math.min(at + CHUNK_SIZE, licenseIds.length));
  }
}

const calls = {
  enable: trpc.licenses.enable,
  disable: trpc.licenses.disable,
  delete: trpc.licenses.delete,
  restore: trpc.licenses.restore,
};

const opposite = {
  enable: "disable",
  disable: "enable",
  delete: "restore",
  restore: "delete",
} as const;

/** Reverts a change. */
export async function undoChange({ action, isScheduled, ids, ends, customers }: BulkChange): Promise<void> {
  for (let at = 0; at < ids.length; at += CHUNK_SIZE) {
    if (action === "extend" || action === "renew") {
      await trpc.licenses.undoExtension.mutate({ ends: ends.slice(at, at + CHUNK_SIZE) });
    } else if (action === "transfer") {
      await trpc.licenses.undoTransfer.mutate({ customers: customers.slice(at, at + CHUNK_SIZE) });
    } else if (isScheduled) {
      await trpc.licenses.cancelScheduled.mutate({ licenseIds: ids.slice(at, at + CHUNK_SIZE) });
    } else await calls[opposite[action]].mutate({ licenseIds: ids.slice(at, at + CHUNK_SIZE) });
  }
}

/** "Disabled 412 licenses." */
export function describeResult({ action, isScheduled, ids }: BulkChange): string {
  return ids.length === 0
    ? "No licenses changed."
    : isScheduled
    ? `Scheduled for ${formatCount(ids.length, "license")}.`
    : `${actionLabels[action].done} ${formatCount(ids.length, "license")}.`;
}
