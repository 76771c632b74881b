// A page behind a link with a token: it asks the server what the link opens, and shows why when it opens nothing.
import { useSearchParams } from "@solidjs/router";
import { createResource, type JSX, Match, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { SignInLayout } from "./SignInLayout.tsx";

/**
 * @param props.open reads what the token opens
 * @param props.title of the page; null until it is opened, and when it cannot be
 * @param props.elsewhere what is offered beside the way to the sign-in when it cannot be opened
 */
export function LinkPage<Opened extends object>(props: {
  open(token: string): Promise<Opened>;
  title(opened: Opened | null): string;
  elsewhere?: JSX.Element;
  children(opened: Opened, token: string): JSX.Element;
}) {
  const [params] = useSearchParams<{ token?: string }>();
  const [result] = createResource<{ opened: Opened } | { refused: ApiError }>(() =>
    props.open(params.token || "none").then((opened) => ({ opened }), (error) => ({
      refused: toApiError(error),
    }))
  );
  const opened = () => {
    const found = result();
    return found && "opened" in found ? found.opened : null;
  };
  const refused = () => {
    const found = result();
    return found && "refused" in found ? found.refused : null;
  };
  return (
    <SignInLayout title={props.title(opened())}>
      <Switch fallback={<Skeleton lines={3} />}>
        <Match when={opened()}>{(found) => props.children(found(), params.token!)}</Match>
        <Match when={refused()}>
          {(error) => (
            <>
              <Failure error={error()} />
              {props.elsewhere}
              <ButtonLink href={addresses.signIn()}>Go to sign-in</ButtonLink>
            </>
          )}
        </Match>
      </Switch>
    </SignInLayout>
  );
}
