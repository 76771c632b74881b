// A call of the panel that is measured at scale, and the two ways to write one: a procedure, or a list with all its sort
// orders and filters. A filter without values is an error of types.
import type { inferRouterInputs } from "@trpc/server";
import type { AppRouter } from "../../../server/trpc/router.ts";

type Inputs = inferRouterInputs<AppRouter>;

export interface PanelCall {
  /** "licenses.list". */
  procedure: string;
  /** What is special about it: the filter, the order, the text. */
  name: string;
  /** The input of the nth call; undefined for none. */
  input(n: number): unknown;
  /** What 99 of 100 calls have to take at most; milliseconds. */
  goal: number;
  /** Measures the page that follows the first instead, or the first as the one before that. */
  page?: "next" | "previous";
}

export const LIST_GOAL = 100;
export const STATISTICS_GOAL = 20;

/** A procedure; its input may differ from call to call. */
export function call<Router extends keyof Inputs, Procedure extends keyof Inputs[Router] & string>(
  router: Router,
  procedure: Procedure,
  input: (n: number) => Inputs[Router][Procedure],
  { name = "", goal = LIST_GOAL }: { name?: string; goal?: number } = {},
): PanelCall {
  return { procedure: `${router}.${procedure}`, name, input, goal };
}

/** Routers with a list. */
export type ListedRouter = {
  [R in keyof Inputs]: Inputs[R] extends { list: { cursor?: string } } ? R : never;
}[
  keyof Inputs
];
export type ListInput<Router extends ListedRouter> = NonNullable<
  Inputs[Router] extends { list: infer Input } ? Input : never
>;
type Sort<Input> = Input extends { sort?: infer Names } ? Exclude<Names, undefined | `-${string}`> : never;
type Filters<Input> = Omit<Input, "q" | "sort" | "cursor" | "limit">;
/** One value of a filter, or one for each call. */
type Value<T> = T | ((n: number) => T);

/** What is measured of a list. */
export interface ListCases<Input> {
  /** Every sort order; each is measured in both directions. */
  sorts: { [Name in Sort<Input> & string]: true };
  /** Texts to search for, by what is special about them. */
  texts: Record<string, Value<string>>;
  /** Values of every filter. */
  filters: { [Name in keyof Filters<Input>]-?: Value<NonNullable<Filters<Input>[Name]>>[] };
  /** Filters, texts and orders together. */
  together?: ((n: number) => Input)[];
}

/** The calls of lists: every order in both directions, the second page, every filter, every text. */
export function listRouters(lists: { [Router in ListedRouter]: ListCases<ListInput<Router>> }): PanelCall[] {
  return Object.entries(lists).flatMap(([router, cases]) => listCalls(router, cases));
}

/** What of the cases does not depend on their types. */
interface AnyCases {
  sorts: Record<string, true>;
  texts: Record<string, unknown>;
  filters: Record<string, unknown[]>;
  together?: ((n: number) => unknown)[];
}

function listCalls(router: string, { sorts, texts, filters, together = [] }: AnyCases): PanelCall[] {
  const procedure = `${router}.list`;
  const one = (name: string, input: (n: number) => unknown): PanelCall => ({
    procedure,
    name,
    input,
    goal: LIST_GOAL,
  });
  const valueOf = (value: unknown, n: number) => typeof value === "function" ? value(n) : value;
  return [
    one("", () => ({})),
    ...Object.keys(sorts).flatMap((sort) => [sort, `-${sort}`]).map((sort) => one(sort, () => ({ sort }))),
    { ...one("second page", () => ({})), page: "next" as const },
    ...Object.keys(sorts).map((sort) => ({
      ...one(`previous page by ${sort}`, () => ({ sort })),
      page: "previous" as const,
    })),
    ...Object.entries(filters).flatMap(([filter, values]) =>
      values.map((value, index) => {
        const name = typeof value !== "function"
          ? `${filter} ${value}`
          : index > 0
          ? `${filter} (${index + 1})`
          : filter;
        return one(name, (n) => ({ [filter]: valueOf(value, n) }));
      })
    ),
    ...Object.entries(texts).map(([name, text]) => one(`search: ${name}`, (n) => ({ q: valueOf(text, n) }))),
    ...together.map((input) => one(Object.keys(input(0) as object).join(" and "), input)),
  ];
}

interface Cursors {
  next?: string | null;
  previous?: string | null;
}

/** The input that asks for the page of a call; `read` answers the pages that lead there. */
export async function pageInput(
  { page }: PanelCall,
  input: unknown,
  read: (input: unknown) => Promise<Cursors>,
): Promise<unknown> {
  const at = (cursor: string | null | undefined) => ({ ...(input as object), ...(cursor ? { cursor } : {}) });
  if (!page) return input;
  const second = at((await read(input)).next);
  return page === "next" ? second : at((await read(second)).previous);
}
