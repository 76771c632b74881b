// Pages of one object, loaded by the id in the URL.
import { A, useNavigate, useParams } from "@solidjs/router";
import { type Accessor, createEffect, createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { toApiError } from "../../lib/api_error.ts";
import { formatWord } from "../../lib/format.ts";
import { findListed, prefetchQuery, useApiQuery } from "../../lib/queries.ts";
import type { Inputs, Outputs } from "../../lib/trpc.ts";
import { Failure } from "../../ui/Failure.tsx";
import { Page } from "../../ui/Page.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { me } from "../account/session.ts";

/** Routers with a `get` procedure that takes an id. */
export type DetailNoun =
  | "customers"
  | "jobs"
  | "leads"
  | "licenses"
  | "plans"
  | "products"
  | "releases"
  | "resources"
  | "users"
  | "webhooks";

/** True where the rows of the list have all fields of the object, but for its revision. */
type ListedWhole<N extends DetailNoun> = Outputs[N] extends { list: { rows: (infer Row)[] } }
  ? Row extends Omit<Outputs[N]["get"], "revision"> ? true : never
  : never;

/** The revision of an object that is not loaded yet. No object has it. */
const NOT_LOADED = "not loaded";

/**
 * The object as the list shows it. What is saved before its revision is loaded is refused as outdated, so that it is
 * compared with the current values.
 */
function listedObject<N extends DetailNoun>(noun: N, id: number): Outputs[N]["get"] | undefined {
  const row = findListed(noun, id);
  return row && { revision: NOT_LOADED, ...row } as Outputs[N]["get"];
}

/** Loads an object that is about to be opened. */
export function preloadDetail<N extends DetailNoun>(noun: N, id: number): void {
  if (me()) prefetchQuery(noun, "get", { id } as Inputs[N]["get"]);
}

/**
 * A page component that loads an object and renders it.
 *
 * @param noun the router whose `get` procedure loads it
 * @param render renders the loaded object, which is updated in place
 * @param options.refetchInterval milliseconds; without it, the object is reloaded on events only
 * @param options.replacedBy the page of another object that the id leads to: a page that is opened moves there; one that is
 *   open says so and keeps what was typed
 * @param options.isListed whether a row of its list is all of the object, so that the page shows it until it is loaded
 */
export function detailPage<N extends DetailNoun>(
  noun: N,
  render: (object: Accessor<Outputs[N]["get"]>) => JSX.Element,
  { refetchInterval, isListed, replacedBy }: {
    refetchInterval?: number;
    isListed?: ListedWhole<N>;
    replacedBy?: (object: Outputs[N]["get"]) => { href: string; message: string; linkText: string };
  } = {},
) {
  function LoadedObject(props: { id: number }) {
    const object = useApiQuery(noun, "get", () => ({ id: props.id }) as Inputs[N]["get"], {
      refetchInterval,
      placeholder: () => isListed ? listedObject(noun, props.id) : undefined,
    });
    const navigate = useNavigate();
    const isOther = (data: { id: number } | undefined) =>
      replacedBy !== undefined && data !== undefined && data.id !== props.id;
    /** The object of this page; the last state of it after another one has replaced it. */
    const own = createMemo<Outputs[N]["get"] | undefined>((before) =>
      isOther(object.data) ? before : object.data
    );
    const replacement = () => isOther(object.data) ? replacedBy?.(object.data!) : undefined;
    createEffect(() => {
      const other = replacement();
      if (other && !own()) navigate(other.href, { replace: true });
    });
    return (
      <>
        <Show when={own() ? replacement() : undefined}>
          {(other) => (
            <p role="alert" class="mb-4 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
              {other().message} <A href={other().href} class="underline">{other().linkText}</A>
            </p>
          )}
        </Show>
        <Switch
          fallback={
            <div class="mx-auto w-full max-w-[1400px] px-4 py-5 md:px-6">
              <Skeleton lines={6} />
            </div>
          }
        >
          <Match when={own()}>
            {(data) => render(data as Accessor<Outputs[N]["get"]>)}
          </Match>
          <Match when={object.error}>
            <Unavailable noun={noun} error={object.error} retry={() => void object.refetch()} />
          </Match>
        </Switch>
      </>
    );
  }
  return function DetailPage() {
    const params = useParams<{ id: string }>();
    // Each object has a page of its own: what is typed for one is not saved to another.
    return <Show when={params.id} keyed>{(id) => <LoadedObject id={Number(id)} />}</Show>;
  };
}

/** The page of an object that is not there, or that cannot be loaded at present. */
function Unavailable(props: { noun: DetailNoun; error: unknown; retry(): void }) {
  const error = () => toApiError(props.error);
  const isMissing = () => error().code === "NOT_FOUND";
  const many = formatWord(props.noun);
  const one = many.slice(0, -1);
  return (
    <Page
      title={isMissing() ? `${one} not found` : `${one} could not be loaded`}
      back={{ href: addresses[props.noun](), title: many }}
    >
      <Failure error={error()} retry={isMissing() ? undefined : props.retry} />
    </Page>
  );
}
