// A kind of email with its template.
import type { Outputs } from "../../../lib/trpc.ts";

export type MailTemplate = Outputs["mails"]["templates"][number];
