// The catalogue of mails. Every mail is of one of these kinds, so that each goes through the templates and the layout.
import { administratorMails } from "./administrator_mails.ts";
import { type CustomerMailKind, customerMails } from "./customer_mails.ts";
import type { MailDefinition } from "./definition.ts";
import { userMails } from "./user_mails.ts";

const definitions = { ...userMails, ...administratorMails, ...customerMails };
type Definitions = typeof definitions;

export type MailKind = keyof Definitions;

/** Lines of a variable's value. */
export type MailValue = string | readonly string[];

type Variables<Kind extends MailKind> = Definitions[Kind]["variables"];
type Optional<Kind extends MailKind> = {
  [Name in keyof Variables<Kind>]: Variables<Kind>[Name] extends { isOptional: true } ? Name : never;
}[keyof Variables<Kind>];

/** The values of the variables of a kind; the brand's name comes from the settings. */
export type MailValues<Kind extends MailKind> = {
  [K in Kind]:
    & { [Name in Exclude<keyof Variables<K>, Optional<K> | "brand">]: MailValue }
    & { [Name in Optional<K>]?: MailValue | null };
}[Kind];

export const mailKinds: Readonly<Record<MailKind, MailDefinition>> = definitions;

export const mailKindNames = Object.keys(definitions) as MailKind[];

export const customerMailKinds = Object.keys(customerMails) as CustomerMailKind[];

/** Whether recipients can unsubscribe from a kind. */
export function isCustomerMail(kind: MailKind): kind is CustomerMailKind {
  return Object.hasOwn(customerMails, kind);
}

/** Whether values are those of a kind: none is missing that the templates may rely on. */
export function areValuesOf<Kind extends MailKind>(
  kind: Kind,
  values: Record<string, MailValue | null | undefined>,
): values is MailValues<Kind> & Record<string, MailValue | null | undefined> {
  return Object.entries(mailKinds[kind].variables).every(([name, { isOptional }]) =>
    isOptional || name === "brand" || values[name] != null
  );
}

/** The entry of a stored kind; undefined for one that the catalogue no longer has. */
export function definitionOfMail(kind: string): MailDefinition | undefined {
  return Object.hasOwn(definitions, kind) ? mailKinds[kind as MailKind] : undefined;
}
