// The demo's resources: servers, workstations and dongles, three in four of them allocated to licenses.
import type { Context } from "../domain/context.ts";
import { listLicenses } from "../domain/licenses/list.ts";
import { allocateResources } from "../domain/resources/allocate.ts";
import { createResource } from "../domain/resources/resources.ts";

const KINDS = [["server", "SRV", 12], ["workstation", "WS", 18], ["dongle", "DNG", 6]] as const;

export async function loadResources(daysAgo: (days: number) => Context): Promise<void> {
  const { rows: licenses } = await listLicenses(daysAgo(0), { sort: "id", limit: 30 });
  for (const [type, prefix, count] of KINDS) {
    for (let number = 1; number <= count; number++) {
      const identifier = `${prefix}-${String(number).padStart(3, "0")}`;
      const { id } = await createResource(daysAgo(200 - number), { type, identifier });
      const license = licenses[(number * 7) % licenses.length];
      if (number % 4 !== 0) {
        await allocateResources(daysAgo(100 - number * 3), { licenseId: license.id, resourceIds: [id] });
      }
    }
  }
}
