// The filter that shows deleted objects in place of the others.
import type { Filter } from "../../ui/list/list.ts";

export const deletedFilter: Filter = {
  name: "deleted",
  title: "Deleted",
  kind: { options: [["true", "Deleted only"]] },
};
