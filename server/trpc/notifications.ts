// Notifications: their list, how many are unread, marking them as read, and which are wanted.
import * as notificationInput from "../domain/notifications/inputs.ts";
import {
  countUnread,
  listNotifications,
  markAllRead,
  markNotification,
} from "../domain/notifications/list.ts";
import { getNotificationSettings, toggleNotifications } from "../domain/notifications/settings.ts";
import { router, viewer } from "./trpc.ts";

export const notificationsRouter = router({
  list: viewer.input(notificationInput.notificationList).query(({ ctx: { ctx }, input }) =>
    listNotifications(ctx, input)
  ),
  unread: viewer.query(({ ctx: { ctx } }) => countUnread(ctx)),
  mark: viewer.input(notificationInput.notificationMark).mutation(({ ctx: { ctx }, input }) =>
    markNotification(ctx, input)
  ),
  markAllRead: viewer.mutation(({ ctx: { ctx } }) => markAllRead(ctx)),
  settings: viewer.query(({ ctx: { ctx } }) => getNotificationSettings(ctx)),
  toggle: viewer.input(notificationInput.notificationChoice).mutation(({ ctx: { ctx }, input }) =>
    toggleNotifications(ctx, input)
  ),
});
