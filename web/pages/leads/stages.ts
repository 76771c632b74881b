// The stages of leads and moving a lead between them.
import type { stages } from "../../../server/domain/leads/inputs.ts";
import { refresh } from "../../lib/queries.ts";
import { formatWord } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import type { Tone } from "../../ui/Badge.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

export type Stage = typeof stages[number];

export const stageTones: Record<Stage, Tone> = {
  new: "info",
  contacted: "info",
  qualified: "info",
  proposal: "warn",
  won: "good",
  lost: "off",
};

/** A side effect of moving a lead to a stage; null when there is none. */
export function stageEffect(lead: { customerId: number | null }, stage: Stage): string | null {
  return stage === "won" && lead.customerId === null ? "Creates a customer" : null;
}

/** Moves a lead to a stage. Undo restores the stage, but keeps a customer that was created. */
export async function moveLead(
  lead: { id: number; name: string; stage: Stage; customerId: number | null },
  stage: Stage,
): Promise<void> {
  if (stage === lead.stage) return;
  const before = lead.stage;
  const move = async (to: Stage) => {
    await trpc.leads.edit.mutate({ id: lead.id, changes: { stage: to } });
    refresh();
  };
  const done = stageEffect(lead, stage)
    ? `${lead.name}: won – customer created. Undo resets the stage only.`
    : `${lead.name}: ${formatWord(before)} → ${formatWord(stage)}.`;
  await runWithToast(() => move(stage), done, () => move(before));
}
