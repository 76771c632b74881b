// How administration writes the domain's values: the same names in snake_case, instants as "2025-06-19T10:30:00Z". The
// input schemas of the domain are converted the same way.
import { z } from "zod";
import { safeParse } from "../domain/safe_parse.ts";
import { snakeCase } from "../request/names.ts";
import { wireTime } from "../request/wire_time.ts";

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The value of the domain that is written as `Body`. */
export type Unwired<Body> = unknown extends Body ? unknown
  : Body extends string ? (string extends Body ? string | Date : Body)
  : Body extends readonly (infer Entry)[] ? readonly Unwired<Entry>[]
  : Body extends object
    ? { [Name in keyof Body as Name extends string ? CamelCase<Name> : Name]: Unwired<Body[Name]> }
  : Body;

/** Writes a value of the domain. */
export function wire<Body>(value: Unwired<NoInfer<Body>>): Body {
  return wireValue(value) as Body;
}

function wireValue(value: unknown): unknown {
  if (value instanceof Date) return wireTime(value);
  if (Array.isArray(value)) return value.map(wireValue);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    // Keys of metadata are the vendor's own.
    Object.entries(value).map((
      [name, inner],
    ) => [snakeCase(name), name === "metadata" ? inner : wireValue(inner)]),
  );
}

/** A body under the names of the wire; unknown fields are refused. */
export function bodyOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => [snakeCase(name), field]),
  );
  return z.strictObject(shape).transform((value) => camelCased(value) as z.infer<z.ZodObject<Shape>>);
}

/** A query string under the names of the wire: numbers, booleans and lists are read from their text. */
export function queryOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => {
      const given = z.preprocess(readerOf(field as z.ZodType), field as z.ZodType);
      const read = safeParse(field as z.ZodType, undefined).success ? given.optional() : given;
      const { description } = field as z.ZodType;
      return [snakeCase(name), description ? read.describe(description) : read];
    }),
  );
  return z.strictObject(shape).transform((value) => camelCased(value) as z.infer<z.ZodObject<Shape>>);
}

function camelCased(value: Record<string, unknown>): Record<string, unknown> {
  const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => inner === undefined ? [] : [[camelCase(name), inner]]),
  );
}

/** How the text of a query parameter is read for its schema. */
function readerOf(field: z.ZodType): (text: unknown) => unknown {
  if (field instanceof z.ZodOptional || field instanceof z.ZodNullable) {
    return readerOf(field.unwrap() as z.ZodType);
  }
  if (field instanceof z.ZodNumber) return (text) => /^-?\d+$/.test(String(text)) ? Number(text) : text;
  if (field instanceof z.ZodBoolean) {
    return (text) => text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
  }
  if (field instanceof z.ZodArray) return (text) => typeof text === "string" ? text.split(",") : text;
  return (text) => text;
}

/** A number in a path or query. */
export const wireId = z.string().regex(/^[1-9]\d{0,15}$/, "must be a whole number").transform(Number)
  .refine(Number.isSafeInteger, "is too large");
