// The number of licenses of a plan or product, with a link to the list of them.
import { A } from "@solidjs/router";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatTotal } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";

/**
 * @param props.filter the filter of the list
 * @param props.licenses any page of the list; undefined while it loads
 */
export function LicensesLink(
  props: { filter: { planId: number } | { productId: number }; licenses?: Outputs["licenses"]["list"] },
) {
  return (
    <A href={withQuery(addresses.licenses(), props.filter)} class="text-accent hover:underline">
      {props.licenses ? formatTotal(props.licenses) : "View all"}
    </A>
  );
}
