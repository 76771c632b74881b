// The options of an import: parameters of the query, or fields of the form before the file.
import { z } from "zod";
import {
  columnMapping,
  type DuplicateHandling,
  duplicateHandling,
  type ImportOptions,
} from "../domain/imports/inputs.ts";
import { safeParse } from "../domain/safe_parse.ts";
import { parseJson, refuseUnstorable } from "../request/body.ts";
import { refuseInput } from "../request/request_error.ts";

/**
 * The options in the query.
 *
 * @param duplicates what is said of them
 */
export const importQueryOf = (duplicates: string) =>
  z.object({
    mapping: z.string().max(65_536).optional().describe(
      'JSON: the column of each heading, such as {"Company": "Name", "Fax": null}; null or "" ignores the heading',
    ),
    duplicates: duplicateHandling.optional().describe(duplicates),
    sheet: z.string().min(1).max(255).optional().describe(
      "The sheet of a workbook; by default the first visible one with known headings",
    ),
    encoding: z.string().min(1).max(50).optional().describe(
      "The encoding of a text file; by default it is detected",
    ),
  });

/**
 * The options that came with a table.
 *
 * @throws DomainError `INVALID_REQUEST`
 */
export function readOptions(
  fields: Map<string, string>,
  query: z.output<ReturnType<typeof importQueryOf>>,
  byDefault: DuplicateHandling,
): Omit<ImportOptions, "dryRun"> {
  const given = (name: keyof typeof query) => fields.get(name) || query[name];
  const duplicates = safeParse(duplicateHandling.default(byDefault), given("duplicates"));
  if (!duplicates.success) {
    const message = "duplicates must be skip, update or add.";
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
