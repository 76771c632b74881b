// Rows and texts of the data set, by the number of the call.
import { PRODUCTS } from "./functions.ts";
import type { Known } from "./known.ts";

const DAY = 86_400_000;

export const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString();

/** A text that nothing has. */
export const nothing = (n: number) => `zqxj${n}vw`;

/** Picks what the nth call asks for. */
export function drawFrom(known: Known) {
  const of = <T>(items: T[]) => (n: number) => items[n % items.length];
  const customer = of(known.customers);
  const machine = of(known.machines);
  return {
    license: of(known.licenses),
    customer,
    machine,
    event: of(known.events),
    delivery: of(known.deliveries),
    resource: of(known.resources),
    lead: of(known.leads),
    product: (n: number) => 1 + n % PRODUCTS,
    /** A word of a customer's name. */
    word: (n: number) => customer(n).name.split(" ")[n % 3],
    /** A machine's fingerprint with a wrong character. */
    misread: (n: number) => machine(n).hardwareId.replace(/^(.{9})./, "$1x"),
  };
}

export type Drawn = ReturnType<typeof drawFrom>;
