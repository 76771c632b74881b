// Leads by stage, side by side. A card is moved by its menu or by dragging.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { stages } from "../../../server/domain/leads/inputs.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatNumber, formatWord } from "../../lib/format.ts";
import { hasRole } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Time } from "../../ui/Time.tsx";
import { StageBadge, StageMenu } from "./StageMenu.tsx";
import { moveLead, type Stage } from "./stages.ts";

type Lead = Outputs["leads"]["list"]["rows"][number];

/** Cards shown per column; the list shows all. */
const MAX_CARDS = 25;

export function LeadBoard(props: { stats: Outputs["leads"]["stats"] | undefined }) {
  const [dragged, setDragged] = createSignal<Lead | null>(null);
  return (
    <div class="overflow-x-auto" tabindex="0" role="group" aria-label="Leads by stage">
      <div class="grid min-w-[1120px] grid-cols-6 items-start gap-3">
        <For each={stages}>
          {(stage) => (
            <Column
              stage={stage}
              count={props.stats && (props.stats.byStage[stage] ?? 0)}
              dragged={dragged()}
              drag={setDragged}
            />
          )}
        </For>
      </div>
    </div>
  );
}

function Column(
  props: { stage: Stage; count: number | undefined; dragged: Lead | null; drag(lead: Lead | null): void },
) {
  const leads = useApiQuery("leads", "list", () => ({ stage: props.stage, limit: MAX_CARDS }), {
    keepPrevious: true,
  });
  const [isOver, setIsOver] = createSignal(false);
  const canDrop = () => props.dragged !== null && props.dragged.stage !== props.stage;
  return (
    <section
      class={`flex min-w-0 flex-col gap-2 rounded-lg border p-2 ${
        isOver() && canDrop() ? "border-accent bg-accent-soft" : "border-line bg-sunken"
      }`}
      aria-label={formatWord(props.stage)}
      onDragOver={(event) => {
        if (!canDrop()) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        if (canDrop()) void moveLead(props.dragged!, props.stage);
        props.drag(null);
      }}
    >
      <header class="flex items-center justify-between gap-2 px-1">
        <h2 class="text-sm font-semibold">{formatWord(props.stage)}</h2>
        <Show when={props.count !== undefined}>
          <span class="text-xs text-muted">{formatNumber(props.count!)}</span>
        </Show>
      </header>
      <QueryBoundary query={leads} lines={4}>
        {(page) => (
          <>
            <Show
              when={page().rows.length > 0}
              fallback={<p class="px-1 py-3 text-xs text-muted">No leads</p>}
            >
              <ul class="flex flex-col gap-2">
                <For each={page().rows}>{(lead) => <Card lead={lead} drag={props.drag} />}</For>
              </ul>
            </Show>
            <Show when={page().next}>
              <A
                href={withQuery(addresses.leads(), { stage: props.stage })}
                class="px-1 py-1 text-xs text-accent hover:underline"
              >
                View all
              </A>
            </Show>
          </>
        )}
      </QueryBoundary>
    </section>
  );
}

function Card(props: { lead: Lead; drag(lead: Lead | null): void }) {
  return (
    <li
      class="flex min-w-0 flex-col gap-1 rounded-md border border-line bg-surface p-2 text-sm"
      draggable={hasRole("manager")}
      onDragStart={() => props.drag(props.lead)}
      onDragEnd={() => props.drag(null)}
    >
      <A
        href={addresses.lead(props.lead.id)}
        class="font-medium break-words hover:underline"
        draggable={false}
      >
        {props.lead.name}
      </A>
      <Show when={props.lead.contactName}>
        <span class="truncate text-xs text-muted">{props.lead.contactName}</span>
      </Show>
      <div class="flex flex-wrap items-center justify-between gap-1">
        <Show when={hasRole("manager")} fallback={<StageBadge stage={props.lead.stage} />}>
          <StageMenu lead={props.lead} />
        </Show>
        <span class="text-xs text-muted">
          <Time at={props.lead.lastActivityAt} />
        </span>
      </div>
    </li>
  );
}
