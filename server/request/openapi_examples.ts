// Examples of the API description, generated from a schema where none is declared.
import { textOf } from "./example_texts.ts";
import type { Json } from "./openapi_types.ts";

/** Where a value is. */
interface Place {
  /** The component; null for a schema that has no name. */
  schema: string | null;
  field: string;
}

/** A value of a schema: its own example where it has one. */
export function exampleOf(
  schema: Json,
  schemas: Record<string, Json>,
  place: Place = { schema: null, field: "" },
): unknown {
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return exampleOf(schemas[name], schemas, { ...place, schema: name });
  }
  const { examples, default: fallback, const: only, enum: values, anyOf, oneOf } = schema as {
    examples?: unknown[];
    default?: unknown;
    const?: unknown;
    enum?: unknown[];
    anyOf?: Json[];
    oneOf?: Json[];
  };
  if (examples) return examples[0];
  if (only !== undefined) return only;
  if (fallback !== undefined) return fallback;
  if (values) return values[0];
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return exampleOf(alternatives.find(({ type }) => type !== "null")!, schemas, place);
  const type = Array.isArray(schema.type) ? schema.type.find((type) => type !== "null") : schema.type;
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties as Record<string, Json> ?? {}).map((
          [name, property],
        ) => [name, exampleOf(property, schemas, { ...place, field: name })]),
      );
    case "array":
      return [exampleOf(schema.items as Json ?? {}, schemas, place)];
    case "integer":
    case "number":
      return schema.minimum !== undefined && Number(schema.minimum) > 0 ? schema.minimum : 1;
    case "boolean":
      return true;
    case "string":
      return exampleText(schema, place);
    default:
      return {};
  }
}

function exampleText({ format, pattern, minLength }: Json, place: Place): string {
  switch (format) {
    case "date":
      return "2025-06-19";
    case "date-time":
      return "2025-06-19T10:30:00Z";
    case "uuid":
      return "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11";
    case "email":
      return "user@example.com";
    case "uri":
      return "https://example.com";
  }
  if (typeof pattern === "string") {
    return pattern.includes("@") ? "user@example.com" : pattern.includes("P") ? "P1M" : "1";
  }
  return textOf(place.schema, place.field) ?? "text".padEnd(Number(minLength ?? 0), "x");
}
