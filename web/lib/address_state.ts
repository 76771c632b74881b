// What a page shows is in its address: filters, sort, page, tab, span. A link to it shows the same.
import { useSearchParams } from "@solidjs/router";

type Values = Record<string, string | undefined>;

/**
 * The query of the address as values that can be set; what equals its standard is left out of the address.
 *
 * @param standard the values when the address says nothing
 */
export function useAddressState<State extends Values>(standard: State) {
  const [params, setParams] = useSearchParams();
  const state = new Proxy(
    {} as { [Name in keyof State]: State[Name] extends string ? string : string | undefined },
    {
      get: (_, name: string) => {
        const value = params[name];
        return (Array.isArray(value) ? value[0] : value) ?? standard[name];
      },
    },
  );
  /** Changes some values; a change is a step in the browser's history unless it replaces. */
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
