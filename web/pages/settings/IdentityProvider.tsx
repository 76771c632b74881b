// The company's identity provider as it is configured, and whether it answers. It is changed in the environment of the
// server, so that a stolen session cannot.
import { Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";

type State = NonNullable<Outputs["settings"]["identityProvider"]["provider"]>;

export function IdentityProvider() {
  const state = useApiQuery("settings", "identityProvider", () => undefined);
  return (
    <Card
      title="Identity provider"
      hint="Sign-in with your company's accounts (OpenID Connect). It is configured by the variables OIDC_… of the server."
    >
      <QueryBoundary query={state} lines={4}>
        {(state) => (
          <Show
            when={state().provider}
            fallback={
              <p class="text-sm text-muted">
                None is configured. Administrators sign in with passwords and passkeys.
              </p>
            }
          >
            {(found) => <Details state={found()} />}
          </Show>
        )}
      </QueryBoundary>
    </Card>
  );
}

function Details(props: { state: State }) {
  const roles = () =>
    props.state.roleClaim
      ? `${props.state.roleClaim}: ${
        props.state.roles.map(({ role, value }) => `${value} is ${role}`).join(", ")
      }`
      : "Given in this panel";
  return (
    <>
      <DetailList
        items={[
          ["State", props.state.problem === null ? "Answers" : `Does not answer: ${props.state.problem}`],
          ["Name", props.state.name],
          ["Issuer", props.state.issuer],
          ["Client", props.state.clientId],
          ["Redirect URI", props.state.redirectUri],
          ["Roles", roles()],
          ["New administrators", props.state.createsAdministrators ? "Created at first sign-in" : "Invited"],
          [
            "Second factor",
            props.state.secondFactor.length > 0
              ? `Of the provider, with ${props.state.secondFactor.join(" or ")}; else of the account`
              : "Of the account",
          ],
          [
            "Passwords",
            props.state.isRequired ? `Accepted from ${props.state.breakGlass} alone` : "Accepted as well",
          ],
        ]}
      />
    </>
  );
}
