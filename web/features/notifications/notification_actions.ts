// Marking notifications as read.
import { formatCount } from "../../lib/format.ts";
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { toast, toastError } from "../../ui/Toasts.tsx";

export async function markNotification(id: number, isRead: boolean): Promise<void> {
  try {
    await trpc.notifications.mark.mutate({ id, isRead });
    refresh("notifications");
  } catch (error) {
    toastError(error);
  }
}

export async function markAllRead(): Promise<void> {
  try {
    const marked = await trpc.notifications.markAllRead.mutate();
    refresh("notifications");
    toast(
      marked === 0 ? "No unread notifications." : `${formatCount(marked, "notification")} marked as read.`,
    );
  } catch (error) {
    toastError(error);
  }
}
