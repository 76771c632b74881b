// Pages of one object, loaded by the id in the URL.
import { useParams } from "@solidjs/router";
import type { Accessor, JSX } from "solid-js";
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
  return function DetailPage() {
    const params = useParams<{ id: string }>();
    const object = useApiQuery(noun, "get", () => ({ id: Number(params.id) }) as Inputs[N]["get"], {
      refetchInterval,
    });
    return <QueryBoundary query={object} lines={6}>{render}</QueryBoundary>;
  };
}
