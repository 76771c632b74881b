// Shows an answer once it is there, grey lines before, what was refused otherwise. While it refreshes, what was there
// stays.
import { type Accessor, type JSX, Match, Switch } from "solid-js";
import { refusalOf } from "../lib/refusal.ts";
import { Failure, Skeleton } from "./Empty.tsx";

interface Asked<Answer> {
  data: Answer | undefined;
  error: unknown;
  refetch(): unknown;
}

export function Answered<Answer>(
  props: {
    of: Asked<Answer>;
    lines?: number;
    children: (answer: Accessor<NonNullable<Answer>>) => JSX.Element;
  },
) {
  return (
    <Switch fallback={<Skeleton lines={props.lines} />}>
      <Match when={props.of.data}>
        {(answer) => props.children(answer as Accessor<NonNullable<Answer>>)}
      </Match>
      <Match when={props.of.error}>
        <Failure refused={refusalOf(props.of.error)} retry={() => void props.of.refetch()} />
      </Match>
    </Switch>
  );
}
