// What error messages call the objects they are about.
import type { SubjectKind } from "../domain/errors.ts";

const nouns: Partial<Record<SubjectKind, string>> = {
  api_key: "API key",
  api_request: "API request",
  identity: "link to an identity provider",
  invitation: "open invitation",
  job: "unfinished job",
  mail_template: "email template",
  signing_key: "signing key",
  status_list: "status list",
};

/** "API key", "customer". */
export function nounOf(subject: SubjectKind): string {
  return nouns[subject] ?? subject;
}

/** The sentence for an object that does not exist. */
export function missing(subject: SubjectKind): string {
  return subject === "setting" ? "No setting with this name." : `No ${nounOf(subject)} with this ID.`;
}
