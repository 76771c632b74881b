// The terms in the fields of administration.
import type { z } from "zod";
import { givenTerms } from "../domain/policy/inputs.ts";
import { snakeCase } from "../request/names.ts";
import { nullableText } from "./schemas.ts";

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

type TermFields = {
  [Name in keyof typeof givenTerms as SnakeCase<Name>]: (typeof givenTerms)[Name];
};

/** Every term of a plan or a license, with its value. */
export const termFields = {
  ...Object.fromEntries(
    Object.entries(givenTerms).map(([name, field]): [string, z.ZodType] => [snakeCase(name), field]),
  ) as TermFields,
  duration: nullableText.describe("ISO 8601 duration, such as P1Y; null is perpetual"),
};
