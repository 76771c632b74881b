// The form of a mail's entry in the catalogue of mails: who gets it, its variables, and its standard subject and text.

/** A variable of a template. */
export interface Variable {
  description: string;
  /** The value in previews. */
  sample: string | readonly string[];
  /** A link is an address and stands in no subject; a key is shown in a fixed-width font and stands in none either. */
  form?: "link" | "key";
  /** It may have no value; a paragraph with such a variable is left out then. */
  isOptional?: true;
}

/** Who gets a kind of mail. */
export type Audience = "administrators" | "customers" | "users";

export interface MailDefinition {
  /** What it is called in the panel. */
  title: string;
  /** When it is sent. */
  description: string;
  audience: Audience;
  variables: Record<string, Variable>;
  /** Variables without which the mail is of no use; every template contains them. */
  required: readonly string[];
  subject: string;
  body: string;
}

export const recipientName = {
  description: "Name of the recipient; “there” when it is not known",
  sample: "Grace Liu",
} as const satisfies Variable;

export const brandName = {
  description: "The name in the settings",
  sample: "Latchkey",
} as const satisfies Variable;

/** A link that expires after an hour. */
export const hourLink = {
  description: "The link; it expires in 1 hour and can be used once",
  sample: "https://licenses.example.com/account/link/3f9a…",
  form: "link",
} as const satisfies Variable;
