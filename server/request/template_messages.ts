// What is wrong in a template of a mail, in words, with the place.
import type { InvalidRequest, TemplateProblem } from "../domain/errors.ts";

const messages: Record<TemplateProblem, (facts: InvalidRequest) => string> = {
  button_not_alone: ({ value }) =>
    `a button needs a paragraph of its own. Put a blank line before and after ${value}`,
  button_target: () =>
    "a button leads to a link variable, such as {{link}}, or to an address that begins with https://.",
  unknown_variable: ({ value, known = [] }) =>
    `there is no variable {{${value}}}. Known variables: ${known.join(", ")}.`,
  variable_missing: ({ value }) =>
    `the variable {{${value}}} is missing, or only in paragraphs that may be left out. Without it the email is of no use.`,
  variable_not_closed: ({ value }) => `${value} is not closed. Write }} after the name.`,
  variable_not_in_subject: ({ value }) =>
    `{{${value}}} is a link or key, which others may read in a subject. Use it in the text only.`,
  variable_not_opened: () => "}} has no {{ before it.",
};

export function describeTemplateProblem(facts: InvalidRequest): string {
  return `${placeOf(facts)}: ${messages[facts.templateProblem ?? "variable_missing"](facts)}`;
}

function placeOf({ field, line, column }: InvalidRequest): string {
  if (line === undefined) return "Text";
  return field === "subject" ? `Subject, character ${column}` : `Line ${line}, character ${column}`;
}
