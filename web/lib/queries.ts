// Queries and mutations of the API. Query results are cached by router, procedure and input, and refreshed after
// every mutation.
import {
  QueryClient,
  QueryObserver,
  type QueryObserverResult,
  skipToken,
  useMutation,
} from "@tanstack/solid-query";
import { createComputed, createMemo, createSignal, on, onCleanup } from "solid-js";
import { type Inputs, type Outputs, trpc } from "./trpc.ts";
import { toApiError } from "./api_error.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && ["UNREACHABLE", "UNAVAILABLE"].includes(toApiError(error).code),
      refetchOnWindowFocus: true,
    },
  },
});

type Noun = keyof Inputs & string;
type Verb<N extends Noun> = keyof Inputs[N] & keyof Outputs[N] & string;
type Procedure = {
  query(input: unknown, options?: { signal?: AbortSignal; context?: { quiet: true } }): Promise<unknown>;
  mutate(input: unknown): Promise<unknown>;
};

// deno-lint-ignore no-explicit-any -- the way by two names is checked by the types of the functions below
const procedure = (noun: string, verb: string): Procedure => (trpc as any)[noun][verb];

export interface QueryOptions {
  /** Refetches after so many milliseconds while the page is visible. */
  refetchInterval?: number;
  /** Shows the previous data while a new input loads, for lists whose filter changes. */
  keepPrevious?: boolean;
}

/** What is shown of an object until it is loaded. */
interface Placeholder<Data> {
  placeholder?: () => Data | undefined;
}

/**
 * The state of a query, updated in place.
 *
 * @param input null sends no query yet
 */
export function useApiQuery<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: () => Inputs[N][V] | null,
  how: QueryOptions & Placeholder<Outputs[N][V]> = {},
) {
  const options = createMemo(() => {
    const value = input();
    return queryClient.defaultQueryOptions({
      queryKey: [noun, verb, value],
      queryFn: value === null
        ? skipToken
        : ({ signal }: { signal: AbortSignal }) =>
          procedure(noun, verb).query(value, { signal }) as Promise<Outputs[N][V]>,
      refetchInterval: how.refetchInterval,
      // deno-lint-ignore no-explicit-any -- the library's own type for it knows no general answer
      placeholderData: (how.keepPrevious ? ((last: unknown) => last) : how.placeholder) as any,
    });
  });
  // TanStack's own hook would suspend the whole page when a part of it loads for the first time, and would replace
  // every row on each refetch. This one suspends nothing and keeps unchanged rows.
  const observer = new QueryObserver(queryClient, options());
  const [result, setResult] = createSignal(observer.getOptimisticResult(options()));
  createComputed(on(options, (options) => {
    observer.setOptions(options);
    setResult(observer.getOptimisticResult(options));
  }, { defer: true }));
  onCleanup(observer.subscribe(setResult));
  const data = createMemo(() => result().data);
  return new Proxy({} as QueryObserverResult<Outputs[N][V], Error>, {
    get: (_, name) => name === "data" ? data() : Reflect.get(result(), name),
  });
}

/** An object as a list on the screen shows it, or showed it a moment ago. */
export function findListed<N extends Noun>(noun: N, id: number): object | undefined {
  const pages = queryClient.getQueriesData<{ rows: { id: number }[] }>({ queryKey: [noun, "list"] });
  for (const [, page] of pages) {
    const row = page?.rows.find((row) => row.id === id);
    if (row) return row;
  }
}

/** Runs a query once, outside of rendering. A recent result is taken from the cache. */
export function fetchQuery<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Inputs[N][V],
): Promise<Outputs[N][V]> {
  return queryClient.fetchQuery({
    queryKey: [noun, verb, input],
    queryFn: () => procedure(noun, verb).query(input) as Promise<Outputs[N][V]>,
  });
}

/** Loads what is likely to be needed next, unless it was loaded just now. Errors are left to the query that needs it. */
export function prefetchQuery<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Inputs[N][V],
): void {
  void queryClient.prefetchQuery({
    queryKey: [noun, verb, input],
    // It never asks for credentials, because no person waits for it.
    queryFn: () => procedure(noun, verb).query(input, { context: { quiet: true } }) as Promise<Outputs[N][V]>,
  });
}

/** A mutation: `run` executes it, `isPending` and `error` tell its state. */
export function useApiMutation<N extends Noun, V extends Verb<N>>(noun: N, verb: V) {
  const mutation = useMutation(() => ({
    mutationFn: (input: Inputs[N][V]) => procedure(noun, verb).mutate(input) as Promise<Outputs[N][V]>,
    onSettled: () => {
      refresh();
    },
  }));
  return {
    run: (input: Inputs[N][V]): Promise<Outputs[N][V]> => mutation.mutateAsync(input),
    get isPending() {
      return mutation.isPending;
    },
    get error() {
      return mutation.error ? toApiError(mutation.error) : null;
    },
  };
}

/**
 * Refetches the queries on the screen, of some routers or of all. Other cached queries are refetched when they are
 * shown.
 */
export function refresh(...nouns: Noun[]): void {
  if (nouns.length === 0) void queryClient.invalidateQueries();
  for (const noun of nouns) void queryClient.invalidateQueries({ queryKey: [noun] });
}
