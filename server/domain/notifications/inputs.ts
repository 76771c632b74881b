// Input of notifications: the filters of their list, marking them as read, and which an administrator wants.
import { z } from "zod";
import { id } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";
import { notificationKindNames } from "../events/catalogue/notification_kinds.ts";

const kind = z.enum(notificationKindNames);

export const notificationList = listInput(["lastAt"], {
  kind: kind.optional().describe("Notifications of this kind only"),
  unread: z.boolean().optional().describe("True lists unread notifications only, false read ones only"),
  resolved: z.boolean().optional().describe("True lists resolved notifications only, false open ones only"),
});

export const notificationMark = z.strictObject({
  id,
  isRead: z.boolean().describe("Whether it is marked as read or as unread"),
});

export const notificationChoice = z.strictObject({
  kind,
  channel: z.enum(["panel", "email"]).describe("Where notifications of the kind are turned on or off"),
  isOn: z.boolean().describe("Whether they are on"),
});
