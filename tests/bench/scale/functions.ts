// SQL functions that the statements of the data set share. They depend on ids alone, so that every load with the same
// factor gives the same data, apart from the day it is loaded on.
import type { Db } from "../../../db/connect.ts";

/** How many rows a data set has. */
export interface Sizes {
  customers: number;
  licenses: number;
  users: number;
  events: number;
}

/** The sizes of a part of the whole data set; 1: 1,000,000 licenses and about 5,000,000 activations. */
export function sizesOf(factor: number): Sizes {
  const part = (count: number) => Math.max(Math.round(count * factor), 20);
  return {
    customers: part(200_000),
    licenses: part(1_000_000),
    users: part(50_000),
    events: part(5_000_000),
  };
}

/** The years that the data set reaches back. */
export const YEARS = 5;
export const PRODUCTS = 10;
/** Releases of each product. */
export const RELEASES = 20;

/** Creates the schema `bench` with the functions. */
export async function createFunctions(db: Db): Promise<void> {
  await db.unsafe(`
    create schema bench;

    -- A number in [0, 1) that follows from an id and from what it decides.
    create function bench.random(id bigint, salt integer) returns float8
    language sql immutable parallel safe
    return (hashint8extended(id, salt) & 2147483647)::float8 / 2147483648;

    create function bench.pick(choices text[], random float8) returns text
    language sql immutable parallel safe
    return choices[1 + floor(random * cardinality(choices))::integer];

    -- When the row with this number of so many was created; more of them lately than in the beginning.
    create function bench.created_at(id bigint, count bigint) returns timestamptz
    language sql stable parallel safe
    return date_trunc('day', now()) - ${YEARS} * interval '365 days' * (1 - sqrt(id::float8 / count));

    -- How many machines were activated on a license: on average five, on one in a thousand hundreds.
    create function bench.machines_of(license_id bigint) returns integer
    language sql immutable parallel safe
    return case
      when bench.random(license_id, 1) < 0.2 then 0
      when bench.random(license_id, 1) < 0.7 then 1 + floor(bench.random(license_id, 2) * 3)
      when bench.random(license_id, 1) < 0.9 then 5 + floor(bench.random(license_id, 2) * 6)
      when bench.random(license_id, 1) < 0.999 then 10 + floor(bench.random(license_id, 2) * 21)
      else 100 + floor(bench.random(license_id, 2) * 801)
    end::integer;

    -- How many of them are active: the first ones.
    create function bench.active_machines_of(license_id bigint) returns integer
    language sql immutable parallel safe
    return floor(bench.machines_of(license_id) * 0.85 + bench.random(license_id, 3))::integer;

    -- The product of a license; the first products have the most.
    create function bench.product_of(license_id bigint) returns bigint
    language sql immutable parallel safe
    return 1 + floor(${PRODUCTS} * power(bench.random(license_id, 4), 2))::bigint;

    -- The customer of a license, who was there before it; the first customers have the most.
    create function bench.customer_of(license_id bigint, licenses bigint, customers bigint) returns bigint
    language sql immutable parallel safe
    return 1 + floor((customers - 1) * (license_id::float8 / licenses) * power(bench.random(license_id, 5), 1.5))::bigint;

    -- The version a machine runs; the newest ones are the most frequent, and some machines did not say.
    create function bench.version_of(activation bigint) returns text
    language sql immutable parallel safe
    return case
      when bench.random(activation, 6) < 0.95 then format(
        '%s.%s.0',
        1 + ceil(${RELEASES} * (1 - power(bench.random(activation, 7), 3)) - 1)::integer / 5,
        ceil(${RELEASES} * (1 - power(bench.random(activation, 7), 3)) - 1)::integer % 5
      )
    end;`);
}

export async function dropFunctions(db: Db): Promise<void> {
  await db.unsafe("drop schema bench cascade");
}
