// How pages ask and change: every query is kept under its noun, verb and input, shown again at once and refreshed
// behind; every change refreshes what is on the screen.
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
  query(input: unknown, options?: { signal?: AbortSignal }): Promise<unknown>;
  mutate(input: unknown): Promise<unknown>;
};

// deno-lint-ignore no-explicit-any -- the way by two names is checked by the types of the functions below
const procedure = (noun: string, verb: string): Procedure => (trpc as any)[noun][verb];

export interface QueryOptions {
  /** Asks again after so many milliseconds, while the page is seen. */
  refetchInterval?: number;
  /** Shows the last answer until the next one is there: for lists whose filter changes. */
  keepPrevious?: boolean;
}

/**
 * The answer to a question of the server, as it changes.
 *
 * @param input what is asked; null asks nothing yet
 */
export function useApiQuery<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: () => Inputs[N][V] | null,
  how: QueryOptions = {},
) {
  const options = createMemo(() => {
    const asked = input();
    return queryClient.defaultQueryOptions({
      queryKey: [noun, verb, asked],
      queryFn: asked === null
        ? skipToken
        : ({ signal }: { signal: AbortSignal }) =>
          procedure(noun, verb).query(asked, { signal }) as Promise<Outputs[N][V]>,
      refetchInterval: how.refetchInterval,
      // deno-lint-ignore no-explicit-any -- the library's own type for it knows no general answer
      placeholderData: how.keepPrevious ? ((last: unknown) => last) as any : undefined,
    });
  });
  // The library's own hook would send the whole page back to its skeleton while a part of it asks for the first time,
  // and makes every row anew with each answer; here a part waits in its place, and what has not changed stays.
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

/** Asks once, outside of what is on the screen; what was asked a moment ago is not asked again. */
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

/** A change that a page can make: `run` it, see whether it is `isPending`, and what it refused as `error`. */
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

/** Asks again for what is on the screen; of one noun, or of all. What is not on the screen is asked when it is shown. */
export function refresh(...nouns: Noun[]): void {
  if (nouns.length === 0) void queryClient.invalidateQueries();
  for (const noun of nouns) void queryClient.invalidateQueries({ queryKey: [noun] });
}
