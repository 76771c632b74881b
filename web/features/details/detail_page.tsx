// Pages of one object, loaded by the id in the URL.
import { useParams } from "@solidjs/router";
import { type Accessor, type JSX, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import type { Inputs, Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";

/** Routers with a `get` procedure that takes an id. */
type DetailNoun =
  | "customers"
  | "jobs"
  | "leads"
  | "licenses"
  | "plans"
  | "products"
  | "releases"
  | "resources"
  | "users"
  | "webhooks";

/**
 * A page component that loads an object and renders it.
 *
 * @param noun the router whose `get` procedure loads it
 * @param render renders the loaded object, which is updated in place
 * @param refetchInterval milliseconds; without it, the object is reloaded on events only
 */
export function detailPage<N extends DetailNoun>(
  noun: N,
  render: (object: Accessor<Outputs[N]["get"]>) => JSX.Element,
  refetchInterval?: number,
) {
  function LoadedObject(props: { id: number }) {
    const object = useApiQuery(noun, "get", () => ({ id: props.id }) as Inputs[N]["get"], {
      refetchInterval,
    });
    return <QueryBoundary query={object} lines={6}>{render}</QueryBoundary>;
  }
  return function DetailPage() {
    const params = useParams<{ id: string }>();
    // Each object has a page of its own: what is typed for one is not saved to another.
    return <Show when={params.id} keyed>{(id) => <LoadedObject id={Number(id)} />}</Show>;
  };
}
