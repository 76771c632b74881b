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
      hint="Sign-in with your company's accounts (OpenID Connect). Set the OIDC_… variables of the server to configure it."
    >
      <QueryBoundary query={state} lines={4}>
        {(state) => (
          <Show
            when={state().provider}
            fallback={
              <p class="text-sm text-muted">
                Not configured. Members sign in with passwords and passkeys.
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
      : "Assigned on the Team page";
  return (
    <>
      <DetailList
        items={[
          ["Status", props.state.problem === null ? "Connected" : `Not responding: ${props.state.problem}`],
          ["Name", props.state.name],
          ["Issuer", props.state.issuer],
          ["Client", props.state.clientId],
          ["Redirect URI", props.state.redirectUri],
          ["Roles", roles()],
          ["New members", props.state.createsAdministrators ? "Created at first sign-in" : "Invited"],
          [
            "Two-factor authentication",
            props.state.secondFactor.length > 0
              ? `By the provider (${props.state.secondFactor.join(" or ")}), otherwise by the account`
              : "By the account",
          ],
          [
            "Passwords",
            props.state.isRequired ? `Only for ${props.state.breakGlass}` : "Also accepted",
          ],
        ]}
      />
    </>
  );
}
