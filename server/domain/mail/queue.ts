// Queuing a mail: the template of its kind, filled in and laid out. The only way to send mail, so that every mail has the
// layout and the brand.
import type { Context } from "../context.ts";
import { type MailKind, mailKinds, type MailValue, type MailValues } from "./kinds/kinds.ts";
import { type Brand, type Content, layOut } from "./layout.ts";
import { insertMail, type MailSubject } from "./mail.ts";
import { parseTemplate } from "./template.ts";
import { findTemplate } from "./templates.ts";

/** Who a kind of mail goes to, and what is in it. */
export interface QueuedMail<Kind extends MailKind> {
  kind: Kind;
  /** One address. */
  to: string;
  values: MailValues<Kind>;
  /** The instant after which it is not sent any more. */
  until?: Date;
  /** The instant before which it is not sent; by default now. */
  from?: Date;
  about?: MailSubject;
  /** The event that causes it; a second mail for the event is not queued. */
  eventUid?: string;
  /** The link to unsubscribe; null for mail that one cannot unsubscribe from. */
  unsubscribe?: string | null;
}

/**
 * Queues a mail. It is sent once the transaction has committed, and not at all if it is rolled back.
 *
 * @returns whether it was queued; false when one was for the same event
 */
export async function queueMail<Kind extends MailKind>(
  ctx: Context,
  mail: QueuedMail<Kind>,
): Promise<boolean> {
  const { kind, values, ...rest } = mail;
  const unsubscribe = mail.unsubscribe ?? null;
  const content = await writeMail(ctx, { kind, values: { ...values }, unsubscribe });
  return await insertMail(ctx, {
    ...rest,
    ...content,
    kind,
    unsubscribe,
    replyTo: ctx.settings.mailReplyTo,
  });
}

/** The brand of the settings. */
export function brandOf({ settings }: Pick<Context, "settings">): Brand {
  return {
    name: settings.mailBrand,
    logo: settings.mailLogo,
    color: settings.mailColor,
    footer: settings.mailFooter,
  };
}

/** Fills in the template of a kind: the owner's, or the standard where there is none or it no longer fits its variables. */
async function writeMail(
  ctx: Context,
  { kind, values, unsubscribe }: {
    kind: MailKind;
    values: Record<string, MailValue | null | undefined>;
    unsubscribe: string | null;
  },
): Promise<Content> {
  const brand = brandOf(ctx);
  const definition = mailKinds[kind];
  const template = await findTemplate(ctx, kind) ?? parseTemplate(definition, definition);
  const given = Object.entries(values).map(([name, value]) => [name, value ?? ""] as const);
  return layOut(template, {
    variables: definition.variables,
    values: { ...Object.fromEntries(given), brand: brand.name },
    brand,
    unsubscribe,
  });
}

/** The longest name that greets. */
const MAX_NAME = 60;

/**
 * A name as a mail greets with it: "there" without one. A name that looks like an address of the web is left out, because
 * who chooses a name must not be able to send links to others in our name.
 */
export function greetingName(name: string | null | undefined): string {
  const shown = shownName(name);
  return shown === "" ? "there" : shown;
}

/** Text that others chose, such as a name or that of a device: empty where it looks like an address of the web. */
export function shownName(text: string | null | undefined): string {
  const trimmed = text?.trim() ?? "";
  return trimmed.length > MAX_NAME || /:\/\/|www\.|[\p{L}\d]\.\p{L}{2,}/iu.test(trimmed) ? "" : trimmed;
}
