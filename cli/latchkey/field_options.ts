// Options for the fields of objects, from the table of nouns: as filters of lists, and as values of new or changed objects.
import type { Api } from "./api.ts";
import type { Options, OptionSpec } from "./define.ts";
import { findId } from "./find.ts";
import { type Field, type NounName, nouns } from "./nouns.ts";
import { assignment, json, list, wholeNumber } from "./values.ts";

const scalar = ["text", "number", "list", "json"] as const;
const isScalar = (kind: Field["kind"]): kind is typeof scalar[number] => scalar.some((name) => name === kind);

/** `customer_id` is `--customer`, `max_users` is `--max-users`. */
export const flagOf = ({ name, kind, flag }: Field) =>
  flag ?? (isScalar(kind) ? name : name.replace(/_id$/, "")).replaceAll("_", "-");
/** As commander calls the option's value. */
const keyOf = (field: Field) => flagOf(field).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

const parsers = { text: undefined, number: wholeNumber, list, json };
const shown = { text: "text", number: "number", list: "a,b", json: "json" };

export function optionsOf(fields: Field[], isRequired: (field: Field) => boolean): OptionSpec[] {
  return fields.map((field) => ({
    flags: `--${flagOf(field)} <${isScalar(field.kind) ? shown[field.kind] : nouns[field.kind].one}>`,
    description: isScalar(field.kind) ? field.name : `id, or ${nouns[field.kind].names.join(" or ")}`,
    parse: isScalar(field.kind) ? parsers[field.kind] : undefined,
    isRequired: isRequired(field),
  }));
}

/** For fields without an option of their own. */
export const setOption: OptionSpec = {
  flags: "--set <name=value>",
  description: "any other field of the API, such as grace_days=7; repeatable",
  parse: assignment,
};

/** The values that were given, by the names of the API; ids where objects were named. */
export async function valuesOf(
  api: Api,
  fields: Field[],
  options: Options,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const value = options[keyOf(field)];
    if (value === undefined) continue;
    values[field.name] = isScalar(field.kind)
      ? value
      : await findId(api, field.kind as NounName, value, field.kind === "plans" ? scopeOf(values) : {});
  }
  return { ...values, ...options.set };
}

const scopeOf = ({ product_id }: Record<string, unknown>) => product_id === undefined ? {} : { product_id };
