// The options of an import: parameters of the query, or fields of the form before the file.
import { z } from "zod";
import { columnMapping, type DuplicateHandling, type ImportOptions } from "../domain/imports/inputs.ts";
import { safeParse } from "../domain/safe_parse.ts";
import { parseJson, refuseUnstorable } from "../request/body.ts";
import { refuseInput } from "../request/request_error.ts";

/** What a kind of table does with duplicates, and whether its import creates customers. */
export interface ImportRules {
  /** What is said of `duplicates`, the choices, and the one unless it is said. */
  duplicates: {
    description: string;
    choices: readonly [DuplicateHandling, ...DuplicateHandling[]];
    byDefault: DuplicateHandling;
  };
  createsCustomers?: boolean;
}

const flag = z.enum(["0", "1", "true", "false"]);

export const isSet = (text: string | undefined): boolean => text === "1" || text === "true";

/** The options in the query. */
export function importQueryOf({ duplicates, createsCustomers }: ImportRules) {
  const options = z.object({
    mapping: z.string().max(65_536).optional().describe(
      'JSON: the column of each heading, such as {"Company": "Name", "Fax": null}; null or "" ignores the heading',
    ),
    duplicates: z.enum(duplicates.choices).optional().describe(duplicates.description),
    create_customers: flag.optional().describe(
      "1 creates the customers that do not exist; otherwise their rows are errors",
    ),
    sheet: z.string().min(1).max(255).optional().describe(
      "The sheet of a workbook; by default the first visible one with known headings",
    ),
    encoding: z.string().min(1).max(50).optional().describe(
      "The encoding of a text file; by default it is detected",
    ),
  });
  return createsCustomers ? options : options.omit({ create_customers: true }) as unknown as typeof options;
}

/**
 * The options that came with a table.
 *
 * @throws DomainError `INVALID_REQUEST`
 */
export function readOptions(
  fields: Map<string, string>,
  query: z.output<ReturnType<typeof importQueryOf>>,
  { duplicates: { choices, byDefault }, createsCustomers }: ImportRules,
): Omit<ImportOptions, "dryRun"> {
  const given = (name: keyof typeof query) => fields.get(name) || query[name];
  const duplicates = safeParse(z.enum(choices).default(byDefault), given("duplicates"));
  if (!duplicates.success) {
    const message = `duplicates must be ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}.`;
    refuseInput({ field: "duplicates", reason: "not_allowed", message });
  }
  const text = (name: "sheet" | "encoding", maxLength: number) => {
    const value = given(name);
    if (value && value.length > maxLength) {
      const message = `${name} must have at most ${maxLength} characters.`;
      refuseInput({ field: name, reason: "too_long", message });
    }
    refuseUnstorable({ [name]: value });
    return value;
  };
  return {
    mapping: readMapping(given("mapping")),
    duplicates: duplicates.data,
    sheet: text("sheet", 255),
    encoding: text("encoding", 50),
    ...createsCustomers ? { createCustomers: isSet(given("create_customers")) } : {},
  };
}

function readMapping(text: string | undefined): z.infer<typeof columnMapping> | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return columnMapping.parse(parseJson(text));
  } catch {
    return refuseInput({
      field: "mapping",
      reason: "not_a_mapping",
      message: 'mapping must be a JSON object, such as {"Company": "Name", "Fax": null}.',
    });
  }
}
