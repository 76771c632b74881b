// Actions on one license. Each shows a toast with an undo.
import { editInline } from "../../features/details/inline_edit.ts";
import { termNames, type Terms } from "../../../server/domain/policy/inputs.ts";
import { describeTerm, termFields } from "../../features/terms/term_labels.ts";
import { customerSearch, userSearch } from "../../features/pickers/searches.ts";
import type { FieldDescription } from "../../lib/changes.ts";
import { refresh } from "../../lib/queries.ts";
import { emptyValue, formatDay, formatNumber, formatWord } from "../../lib/format.ts";
import { type Inputs, type Outputs, trpc } from "../../lib/trpc.ts";
import { runWithToast, toast, toastError } from "../../ui/Toasts.tsx";

export type License = Outputs["licenses"]["get"];
export type Device = Outputs["devices"]["list"]["rows"][number];
type Changes = Inputs["licenses"]["edit"]["changes"];

/** Runs a change and refreshes all queries. */
const refreshing = (work: () => Promise<unknown>) => async () => {
  await work();
  refresh();
};

/** A change of one license that resolves to whether it changed. */
const changing = (verb: "enable" | "disable" | "delete" | "restore", id: number) => async () => {
  const changed = await trpc.licenses[verb].mutate({ licenseIds: [id] });
  refresh();
  return changed.length > 0;
};

export function setLicenseEnabled({ id, key }: Pick<License, "id" | "key">, on: boolean): Promise<boolean> {
  const turn = (on: boolean) => changing(on ? "enable" : "disable", id);
  return runWithToast(turn(on), `License ${key} ${on ? "enabled" : "disabled"}.`, turn(!on));
}

export function cancelScheduled({ id, key }: Pick<License, "id" | "key">): Promise<boolean> {
  return runWithToast(async () => {
    const changed = await trpc.licenses.cancelScheduled.mutate({ licenseIds: [id] });
    refresh();
    return changed.length > 0;
  }, `Nothing is scheduled for license ${key} now.`);
}

export function deleteLicense({ id, key }: License): Promise<boolean> {
  return runWithToast(
    changing("delete", id),
    `License ${key} deleted. It can be restored for 30 days.`,
    changing("restore", id),
  );
}

export function restoreLicense({ id, key }: License): Promise<boolean> {
  return runWithToast(changing("restore", id), `License ${key} restored.`, changing("delete", id));
}

/** Mails the key to the customer, or to the assigned user where the customer has no address. */
export async function mailLicense({ id, key }: License): Promise<void> {
  try {
    const { requested } = await trpc.mails.sendLicenses.mutate({ licenseIds: [id] });
    refresh("mails");
    if (requested > 0) toast(`Email with license ${key} queued. See the Emails tab.`);
    else {
      toast(`Neither the customer nor the assigned user of ${key} has an email address. Add one first.`);
    }
  } catch (error) {
    toastError(error);
  }
}

export async function extendLicense({ id, key }: License, by: string): Promise<void> {
  try {
    const { ends } = await trpc.licenses.extend.mutate({ licenseIds: [id], by });
    refresh();
    const undo = refreshing(() => trpc.licenses.undoExtension.mutate({ ends }));
    if (ends.length > 0) toast(`License ${key} now expires ${formatDay(ends[0].is)}.`, { undo });
    else toast(`License ${key} never expires.`);
  } catch (error) {
    toastError(error);
  }
}

const describedTerms = Object.fromEntries(
  termNames.map((
    name,
  ) => [name, { label: termFields[name].label, text: (value: unknown) => describeTerm(name, value) }]),
) as Record<keyof Terms, FieldDescription>;

const day = (value: unknown) => formatDay(value as string | null);

/** How terms are called and shown where two persons changed the same one. */
export const termDescriptions = {
  customerId: { label: "Customer", text: (id: unknown) => customerSearch.name(Number(id)) },
  type: { label: "Type", text: (type: unknown) => formatWord(String(type)) },
  validFrom: { label: "Starts", text: day },
  validUntil: { label: "Expires", text: day },
  updatesUntil: { label: "Updates until", text: day },
  ...describedTerms,
} satisfies Record<string, FieldDescription>;

/** Changes terms. Undo restores only the changed fields. */
export function changeTerms(license: License, changes: Changes, message: string): Promise<boolean> {
  return editInline("licenses", license, changes, { message, fields: termDescriptions });
}

export function increaseLimit(license: License): Promise<boolean> {
  const maxActivations = license.maxActivations + 1;
  return changeTerms(
    license,
    { maxActivations },
    `License ${license.key}: activation limit is now ${formatNumber(maxActivations)}.`,
  );
}

export function assignTo(
  { id, revision, userId }: License,
  to: number | null,
  message: string,
): Promise<boolean> {
  const text = (id: unknown) => id === null ? emptyValue : userSearch.name(Number(id));
  const fields = { userId: { label: "User", text } };
  return editInline("assignments", { id, revision, userId }, { userId: to }, { message, fields });
}

export async function registerMachine(input: Inputs["devices"]["register"]): Promise<void> {
  try {
    const { id, isNew, isOverLimit, replaced } = await trpc.devices.register.mutate(input);
    refresh();
    const undo = refreshing(() => trpc.devices.deactivate.mutate({ id, licenseId: input.licenseId }));
    const name = input.machineName || deviceLabel({ machineName: null, hardwareId: input.hardwareHash });
    const effect = replaced
      ? ` It replaced ${deviceLabel(replaced)}.`
      : isOverLimit
      ? " The license is over its activation limit."
      : "";
    // What it replaced would not come back.
    toast(`${name} activated.${effect}`, { undo: isNew && !replaced ? undo : undefined });
  } catch (error) {
    toastError(error);
  }
}

/** A machine's name, or the beginning of its fingerprint. */
export function deviceLabel({ machineName, hardwareId }: Pick<Device, "machineName" | "hardwareId">): string {
  return machineName ?? (hardwareId.length > 20 ? `${hardwareId.slice(0, 16)}…` : hardwareId);
}
