// Giving resources to licenses and back, which can be taken back: those that changed hands return to where they were.
import { refresh } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { trpc } from "../../lib/trpc.ts";
import { toast, toastError } from "../../ui/Toasts.tsx";

/**
 * Gives resources to a license, all of them or none.
 *
 * @throws what the server refuses, for who asked to show
 */
export async function allocate(resourceIds: number[], license: { id: number; title: string }): Promise<void> {
  const { allocated, newlyAllocated: given } = await trpc.resources.allocate.mutate({
    licenseId: license.id,
    resourceIds,
  });
  refresh();
  toast(`${license.title} has ${formatCount(allocated, "resource")} of these now.`, {
    undo: given.length === 0 ? undefined : async () => {
      await trpc.resources.release.mutate({ resourceIds: given });
      refresh();
    },
  });
}

/** Takes resources back from whatever licenses have them; says what came of it. */
export async function release(resourceIds: number[]): Promise<boolean> {
  try {
    const released = await trpc.resources.release.mutate({ resourceIds });
    refresh();
    toast(`${formatCount(released.length, "resource is", "resources are")} free again.`, {
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
