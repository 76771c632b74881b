// The URL of a list with the drawer of one of its rows open.
import { withQuery } from "../../lib/addresses.ts";
import type { ListState } from "../../ui/list/list.ts";

/**
 * @param path of the list
 * @param name of the URL parameter with the row's id
 */
export function drawerHref(path: string, state: ListState, name: string, id: number): string {
  const { cursor } = state.query();
  return withQuery(path, { ...Object.fromEntries(new URLSearchParams(state.search())), cursor, [name]: id });
}
