// The stages of leads and moving a lead between them.
import type { stages } from "../../../server/domain/leads/inputs.ts";
import { editInline } from "../../features/details/inline_edit.ts";
import { formatWord } from "../../lib/format.ts";
import type { Tone } from "../../ui/Badge.tsx";

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
  lead: { id: number; revision: string; name: string; stage: Stage; customerId: number | null },
  stage: Stage,
): Promise<void> {
  if (stage === lead.stage) return;
  const message = stageEffect(lead, stage)
    ? `${lead.name}: won – customer created. Undo resets the stage only.`
    : `${lead.name}: ${formatWord(lead.stage)} → ${formatWord(stage)}.`;
  const { id, revision } = lead;
  await editInline("leads", { id, revision, stage: lead.stage }, { stage }, {
    message,
    fields: { stage: { label: `Stage of ${lead.name}`, text: (stage) => formatWord(String(stage)) } },
  });
}
