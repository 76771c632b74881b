// Renders the result of a query: a skeleton while it loads for the first time, the error when it failed. Data that was
// loaded before stays visible during a refetch.
import { type Accessor, type JSX, Match, Switch } from "solid-js";
import { toApiError } from "../lib/api_error.ts";
import { Failure } from "./Failure.tsx";
import { Skeleton } from "./Skeleton.tsx";

interface QueryState<Data> {
  data: Data | undefined;
  error: unknown;
  refetch(): unknown;
}

/**
 * @param props.query the query's state, as `useApiQuery` returns it
 * @param props.lines how many lines the skeleton has
 * @param props.children renders the data
 */
export function QueryBoundary<Data>(
  props: {
    query: QueryState<Data>;
    lines?: number;
    children: (data: Accessor<NonNullable<Data>>) => JSX.Element;
  },
) {
  return (
    <Switch fallback={<Skeleton lines={props.lines} />}>
      <Match when={props.query.data}>
        {(data) => props.children(data as Accessor<NonNullable<Data>>)}
      </Match>
      <Match when={props.query.error}>
        <Failure error={toApiError(props.query.error)} retry={() => void props.query.refetch()} />
      </Match>
    </Switch>
  );
}
