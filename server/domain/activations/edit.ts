// Changing what administrators note about a machine: its metadata.
import type { Entity } from "../entity.ts";
import type { ActivationRow } from "./activation.ts";

/** An activation as it is edited. */
export type EditedActivation = ActivationRow & {
  customerId: number;
  /** When its license was deleted. */
  deletedAt: Date | null;
};

/** The fields that administrators edit; the revision of a device covers them. */
export const activationFields = ["metadata"] as const;

export const activationEntity: Entity<EditedActivation> = {
  subject: "device",
  fields: activationFields,
  select: (ctx, id, locking) =>
    ctx.db<EditedActivation[]>`
      select
        a.*,
        (select customer_id from licenses where id = a.license_id) as customer_id,
        (select deleted_at from licenses where id = a.license_id) as deleted_at
      from activations a
      where id = ${id}
      ${locking}`,
  save: async (ctx, activation) => {
    await ctx.db`
      update activations
      set metadata = ${ctx.db.json(activation.metadata)}
      where id = ${activation.id}`;
    return [activation];
  },
  updated: ({ id, licenseId, customerId }, difference) => ({
    type: "activation.metadata_updated",
    subjectId: id,
    licenseId,
    customerId,
    activationId: id,
    ...difference,
  }),
};
