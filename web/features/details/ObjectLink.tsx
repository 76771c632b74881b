// A link to a customer, plan or product of which only the id is known.
import { A } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";

const pages = { customers: addresses.customer, plans: addresses.plan, products: addresses.product };

/**
 * @param props.noun the router that loads its name
 * @param props.id of the object
 */
export function ObjectLink(props: { noun: keyof typeof pages; id: number }) {
  const object = useApiQuery(props.noun, "get", () => ({ id: props.id }));
  return (
    <A href={pages[props.noun](props.id)} class="text-accent hover:underline">
      {object.data?.name ?? emptyValue}
    </A>
  );
}
