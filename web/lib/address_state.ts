// State that is kept in the URL's query: filters, sort order, page, tab, span.
import { useLocation, useSearchParams } from "@solidjs/router";
import { chosenPage } from "./chosen_page.ts";

type Values = Record<string, string | undefined>;

/**
 * The parameters of the page that is shown, and a setter. While another page is loading nothing is set: the router would
 * set it there.
 */
export function usePageParams() {
  const location = useLocation();
  const [params, setParams] = useSearchParams();
  const set: typeof setParams = (changes, options) => {
    if (![null, location.pathname].includes(chosenPage())) return;
    setParams(changes, options);
  };
  return [params, set] as const;
}

/**
 * URL parameters as a reactive object and a setter. Parameters that equal their default are left out of the URL.
 *
 * @param standard the defaults
 */
export function useAddressState<State extends Values>(standard: State) {
  const [params, setParams] = usePageParams();
  const state = new Proxy(
    {} as { [Name in keyof State]: State[Name] extends string ? string : string | undefined },
    {
      get: (_, name: string) => {
        const value = params[name];
        return (Array.isArray(value) ? value[0] : value) ?? standard[name];
      },
    },
  );
  /** Changes parameters and adds an entry to the browser's history, unless `replace` is set. */
  const set = (changes: Partial<Values>, options: { replace?: boolean } = {}) => {
    setParams(
      Object.fromEntries(
        Object.entries(changes).map(([name, value]) => [name, value === standard[name] ? undefined : value]),
      ),
      { replace: options.replace ?? false, scroll: false },
    );
  };
  return [state, set] as const;
}
