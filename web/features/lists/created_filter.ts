// The filter by the time when rows were created.
import type { Filter } from "../../ui/list/list.ts";

export const createdFilter: Filter = {
  name: "created",
  title: "Created",
  kind: { from: "createdSince", until: "createdUntil", unit: "instant", direction: "past" },
};
