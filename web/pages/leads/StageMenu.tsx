// The stage of a lead as a badge, with a menu to change it for roles that may.
import { Show } from "solid-js";
import { stages } from "../../../server/domain/leads/inputs.ts";
import { formatWord } from "../../lib/format.ts";
import { hasRole } from "../../features/account/session.ts";
import { Badge } from "../../ui/Badge.tsx";
import { DownIcon } from "../../ui/icons.ts";
import { Menu } from "../../ui/Menu.tsx";
import { moveLead, type Stage, stageEffect, stageTones } from "./stages.ts";

export interface MovableLead {
  id: number;
  revision: string;
  name: string;
  stage: Stage;
  customerId: number | null;
  deletedAt: string | Date | null;
}

export function StageBadge(props: { stage: Stage }) {
  return <Badge tone={stageTones[props.stage]}>{formatWord(props.stage)}</Badge>;
}

export function StageMenu(props: { lead: MovableLead }) {
  const canMove = () => hasRole("manager") && !props.lead.deletedAt;
  return (
    <Show when={canMove()} fallback={<StageBadge stage={props.lead.stage} />}>
      <Menu
        label={`Stage of ${props.lead.name}: ${formatWord(props.lead.stage)}. Change stage`}
        class="inline-flex h-7 touch:h-11 items-center gap-0.5 rounded-full pr-1 text-muted hover:bg-line hover:text-ink"
        items={stages.map((stage) => ({
          title: formatWord(stage),
          hint: stageEffect(props.lead, stage) ?? undefined,
          isChosen: stage === props.lead.stage,
          run: () => void moveLead(props.lead, stage),
        }))}
      >
        <StageBadge stage={props.lead.stage} />
        <DownIcon class="size-3.5" aria-hidden="true" />
      </Menu>
    </Show>
  );
}
