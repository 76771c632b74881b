// Edits of what exists: the fields that differ are sent, with the revision they were edited in. When the object was changed
// since, changes of other fields are kept without a question; where the same field was changed, the person chooses.
// Nothing else calls these procedures.
import { toApiError } from "./api_error.ts";
import {
  type Choices,
  conflictsOf,
  type Edit,
  type FieldDescription,
  type Markers,
  takeOver,
  valueOf,
} from "./changes.ts";
import { emptyValue } from "./format.ts";
import { refresh } from "./queries.ts";
import { type Inputs, trpc } from "./trpc.ts";

interface AssignmentEdit {
  id: number;
  changes: { userId: number | null };
  revision: string;
}

interface SettingEdit {
  /** Its name. */
  id: string;
  /** The value under that name. */
  changes: Record<string, unknown>;
  revision: string;
}

/** What can be edited, each with its procedure. */
const procedures = {
  administrators: (edit: Inputs["administrators"]["edit"]) => trpc.administrators.edit.mutate(edit),
  /** The user that a license is assigned to. */
  assignments: ({ id, changes, revision }: AssignmentEdit) =>
    trpc.licenses.assign.mutate({ id, ...changes, revision }),
  contacts: (edit: Inputs["leads"]["editContact"]) => trpc.leads.editContact.mutate(edit),
  customers: (edit: Inputs["customers"]["edit"]) => trpc.customers.edit.mutate(edit),
  devices: (edit: Inputs["devices"]["edit"]) => trpc.devices.edit.mutate(edit),
  leads: (edit: Inputs["leads"]["edit"]) => trpc.leads.edit.mutate(edit),
  licenses: (edit: Inputs["licenses"]["edit"]) => trpc.licenses.edit.mutate(edit),
  plans: (edit: Inputs["plans"]["edit"]) => trpc.plans.edit.mutate(edit),
  products: (edit: Inputs["products"]["edit"]) => trpc.products.edit.mutate(edit),
  releases: (edit: Inputs["releases"]["edit"]) => trpc.releases.edit.mutate(edit),
  resources: (edit: Inputs["resources"]["edit"]) => trpc.resources.edit.mutate(edit),
  settings: async ({ id, changes, revision }: SettingEdit) => ({
    ...await trpc.settings.change.mutate({ name: id, value: changes[id], revision }),
    value: changes[id],
  }),
  users: (edit: Inputs["users"]["edit"]) => trpc.users.edit.mutate(edit),
  webhooks: (edit: Inputs["webhooks"]["edit"]) => trpc.webhooks.edit.mutate(edit),
};

export type EditedKind = keyof typeof procedures;
type InputOf<Kind extends EditedKind> = Parameters<(typeof procedures)[Kind]>[0];
export type IdOf<Kind extends EditedKind> = InputOf<Kind>["id"];
export type ChangesOf<Kind extends EditedKind> = InputOf<Kind>["changes"];
/** The object as it is answered after saving. */
export type SavedOf<Kind extends EditedKind> = Awaited<ReturnType<(typeof procedures)[Kind]>>;
type Procedures = { [Kind in EditedKind]: (input: InputOf<Kind>) => Promise<SavedOf<Kind>> };

/** A field that two persons changed, as the dialog shows it. */
export interface FieldConflict {
  name: string;
  label: string;
  mine: string;
  current: string;
}

/** Asks which values to save; resolves to null when the person cancels. */
type ConflictHandler = (conflicts: FieldConflict[]) => Promise<Choices | null>;
let ask: ConflictHandler = () => Promise.resolve(null);

/** Registers the dialog that asks. */
export function setConflictHandler(handler: ConflictHandler): void {
  ask = handler;
}

/** How the values of an edit belong to those of the API. */
export interface EditPlan<Values extends object, Saved> {
  send(edit: Edit<Values>): Promise<Saved>;
  /** The values of the object as it is, of which a refusal carries those that can be edited. */
  read(current: Record<string, unknown>): Values;
  describe(name: string): FieldDescription | undefined;
  markers?: Markers;
  /** Called when the changes were taken over to the current values. */
  merged?(edit: Edit<Values>): void;
}

/** How an edit ended: nothing is left to be saved when the person chose the current values, or others saved the same. */
export type Outcome<Saved> = { state: "saved"; saved: Saved } | { state: "cancelled" | "nothing_left" };

/** How often an object may be changed in the meantime before the person has to try again. */
const MAX_TRIES = 5;

/**
 * Saves changes; after a refusal of an outdated revision it takes them over to the current values and tries again.
 *
 * @throws TRPCClientError when it is refused for another reason
 */
export async function saveEdit<Values extends object, Saved>(
  edit: Edit<Values>,
  plan: EditPlan<Values, Saved>,
): Promise<Outcome<Saved>> {
  let next = edit;
  for (let tries = 1;; tries++) {
    try {
      return { state: "saved", saved: await plan.send(next) };
    } catch (error) {
      const { code, details } = toApiError(error);
      if (code !== "REVISION_OUTDATED" || tries === MAX_TRIES) throw error;
      const current = plan.read(details.current as Record<string, unknown>);
      const choices = await resolve(conflictsOf(next, current, plan.markers), next, current, plan);
      if (choices === null) return { state: "cancelled" };
      next = takeOver(next, { values: current, revision: String(details.revision) }, choices);
      plan.merged?.(next);
      if (Object.keys(next.changed).length === 0) return { state: "nothing_left" };
    }
  }
}

async function resolve<Values extends object>(
  names: string[],
  { changed }: Edit<Values>,
  current: Values,
  { describe }: Pick<EditPlan<Values, unknown>, "describe">,
): Promise<Choices | null> {
  if (names.length === 0) return {};
  return await ask(
    await Promise.all(names.map(async (name) => {
      const { label = name, text = showValue } = describe(name) ?? {};
      return {
        name,
        label,
        mine: await text(valueOf(changed, name)),
        current: await text(valueOf(current, name)),
      };
    })),
  );
}

/** The procedure of a kind. It is called through `saveEdit` only. */
export function sendEdit<Kind extends EditedKind>(
  kind: Kind,
  input: { id: IdOf<Kind>; changes: ChangesOf<Kind>; revision: string },
): Promise<SavedOf<Kind>> {
  return (procedures as Procedures)[kind](input as InputOf<Kind>).finally(() => refresh());
}

/** Saves fields of an object that are sent as they are, without a form. */
export function saveFields<Kind extends EditedKind>(
  kind: Kind,
  { id, ...edit }: Edit<ChangesOf<Kind>> & { id: IdOf<Kind> },
  fields: Record<string, FieldDescription> = {},
): Promise<Outcome<SavedOf<Kind>>> {
  return saveEdit<ChangesOf<Kind>, SavedOf<Kind>>(edit, {
    send: ({ changed, revision }) => sendEdit(kind, { id, changes: changed, revision }),
    read: (current) => kind === "settings" ? { [id]: current.value } : current,
    describe: (name) => fields[name],
  });
}

function showValue(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.join(", ") || emptyValue;
  return value === null || value === undefined || value === "" ? emptyValue : String(value);
}
