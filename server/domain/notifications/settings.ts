// Which notifications an administrator wants in the panel and which by email. Changes record no event.
import type { z } from "zod";
import { requireAdministrator } from "../administrators/administrators.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { notificationChoice } from "./inputs.ts";
import {
  type NotificationKind,
  notificationKindNames,
  notificationKinds,
} from "../events/catalogue/notification_kinds.ts";

/** A row of `notification_settings`. */
export interface NotificationSettingRow {
  administratorId: number;
  kind: NotificationKind;
  /** Null: the default. */
  isShown: boolean | null;
  isMailed: boolean | null;
}

/** What an administrator gets of a kind. */
export interface NotificationSetting {
  kind: NotificationKind;
  isShown: boolean;
  isMailed: boolean;
}

/** The actor's settings, one for each kind. Owners get email about alerts unless they turn it off. */
export async function getNotificationSettings(ctx: Context): Promise<NotificationSetting[]> {
  const me = requireAdministrator(ctx);
  const rows = await ctx.db<NotificationSettingRow[]>`
    select *
    from notification_settings
    where administrator_id = ${me.id}`;
  return notificationKindNames.map((kind) => {
    const { isMailed, isOptional } = notificationKinds[kind];
    const chosen = rows.find((row) => row.kind === kind);
    return {
      kind,
      isShown: !isOptional || (chosen?.isShown ?? true),
      isMailed: isMailed && (chosen?.isMailed ?? me.role === "owner"),
    };
  });
}

/**
 * Turns a kind on or off for the actor, in the panel or by email.
 *
 * @throws DomainError `INVALID_REQUEST` for what the kind does not offer
 */
export async function toggleNotifications(
  ctx: Context,
  { kind, channel, isOn }: z.infer<typeof notificationChoice>,
): Promise<void> {
  const me = requireAdministrator(ctx);
  const { isOptional, isMailed } = notificationKinds[kind];
  if (channel === "panel" ? !isOptional : !isMailed) {
    refuse("INVALID_REQUEST", { field: "channel", reason: "not_allowed" });
  }
  const column = ctx.db(channel === "panel" ? "is_shown" : "is_mailed");
  await ctx.db`
    insert into notification_settings (administrator_id, kind, ${column})
    values (${me.id}, ${kind}, ${isOn})
    on conflict on constraint notification_settings_pkey do update
    set ${column} = excluded.${column}`;
}

/** The administrators who get email about alerts of a kind. */
export async function listMailRecipients(
  ctx: Pick<Context, "db">,
  kind: NotificationKind,
): Promise<{ id: number; email: string; name: string }[]> {
  return await ctx.db<{ id: number; email: string; name: string }[]>`
    select a.id, a.email, a.name
    from administrators a
    left join notification_settings s on s.administrator_id = a.id and s.kind = ${kind}
    where a.disabled_at is null and coalesce(s.is_mailed, a.role = 'owner')
    order by a.id`;
}
