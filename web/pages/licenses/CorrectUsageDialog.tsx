// The dialog that corrects what is used of a meter: adds to it, subtracts from it or sets it, with a reason and an undo.
import { z } from "zod";
import { usageAdjustment } from "../../../server/domain/meters/inputs.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { ChoiceField, NumberField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { toast } from "../../ui/Toasts.tsx";

type Meter = Outputs["licenses"]["usage"]["meters"][number];

const { used, reason } = usageAdjustment.shape;
const correction = z.strictObject({
  kind: z.enum(["subtract", "add", "set"]),
  amount: used.unwrap(),
  reason,
});

/** What is typed; the number is null while its field is empty. */
type Values = Omit<z.output<typeof correction>, "amount"> & { amount: number | null };

export function CorrectUsageDialog(
  props: { licenseId: number; meter: Meter; isOpen: boolean; close(): void },
) {
  const adjust = useApiMutation("licenses", "adjustUsage");
  function confirm({ change, used, meter }: Outputs["licenses"]["adjustUsage"]): void {
    const { licenseId } = props;
    if (change === 0) return toast(`${formatNumber(used)} ${meter} were used already.`);
    const undo = async () => {
      await trpc.licenses.adjustUsage.mutate({
        id: licenseId,
        meter,
        by: -change,
        reason: "A correction was undone",
      });
      refresh();
    };
    toast(`${meter}: ${formatNumber(used)} used now.`, { undo });
  }
  return (
    <FormDialog
      title={`Correct ${props.meter.meter}`}
      hint={`${formatNumber(props.meter.used)} of ${
        formatNumber(props.meter.limit)
      } used in the current period. What apps count meanwhile is kept, except when you set the number.`}
      isOpen={props.isOpen}
      close={props.close}
      form={{
        schema: correction,
        start: { kind: "subtract", amount: null, reason: "" } as Values,
        save: ({ kind, amount, reason }: z.output<typeof correction>) =>
          adjust.run({
            id: props.licenseId,
            meter: props.meter.meter,
            ...kind === "set" ? { used: amount } : { by: kind === "add" ? amount : -amount },
            reason,
          }),
        saved: confirm,
      }}
      verb="Correct"
      disabledReason={(form) =>
        missingRoleReason("manager") ??
          (form.values.amount === null
            ? "Enter a number first."
            : form.values.kind === "subtract" && form.values.amount > props.meter.used
            ? `Only ${formatCount(props.meter.used, "unit")} can be subtracted.`
            : null)}
    >
      {(form) => (
        <>
          <ChoiceField
            form={form}
            name="kind"
            label="Correction"
            options={[["subtract", "Subtract"], ["add", "Add"], ["set", "Set to"]]}
          />
          <NumberField form={form} name="amount" label="Units" min={0} />
          <TextField form={form} name="reason" label="Reason" hint="Kept in the history of the license." />
        </>
      )}
    </FormDialog>
  );
}
