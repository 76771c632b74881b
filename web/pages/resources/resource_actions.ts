// Allocating and releasing resources. Undo restores the previous allocation.
import { refresh } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import { toast, toastError } from "../../ui/Toasts.tsx";

/**
 * Allocates all resources to a license, or none.
 *
 * @throws the API's error
 */
export async function allocate(resourceIds: number[], license: { id: number; title: string }): Promise<void> {
  const { allocated, newlyAllocated: given } = await trpc.resources.allocate.mutate({
    licenseId: license.id,
    resourceIds,
  });
  refresh();
  toast(`${formatCount(allocated, "resource")} allocated to ${license.title}.`, {
    undo: given.length === 0 ? undefined : async () => {
      await trpc.resources.release.mutate({ resourceIds: given, licenseId: license.id });
      refresh();
    },
  });
}

/**
 * Releases resources. Returns whether it succeeded.
 *
 * @param licenseId the license that the person saw them on; those that another one has by now stay allocated. Rows that
 *   were selected in a list are released whatever license has them
 */
export async function release(resourceIds: number[], licenseId?: number): Promise<boolean> {
  try {
    const released = await trpc.resources.release.mutate({ resourceIds, licenseId });
    refresh();
    toast(`${formatCount(released.length, "resource")} released.`, {
      undo: released.length === 0 ? undefined : () => giveBack(released),
    });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

async function giveBack(released: { id: number; licenseId: number }[]): Promise<void> {
  const byLicense = Map.groupBy(released, ({ licenseId }) => licenseId);
  for (const [licenseId, resources] of byLicense) {
    await trpc.resources.allocate.mutate({ licenseId, resourceIds: resources.map(({ id }) => id) });
  }
  refresh();
}
