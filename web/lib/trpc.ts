// The way to the server: one client, whose calls wait when the session has ended or must be proved again, until the
// person has shown who they are, and then go on.
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
  type TRPCLink,
} from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "../../server/trpc/router.ts";
import { toApiError } from "./api_error.ts";

export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

/** Asks the person to show who they are; true once they have, false when they would rather not. */
type Reauthenticate = (disabledReason: "ended" | "not_fresh") => Promise<boolean>;
let prove: Reauthenticate = () => Promise.resolve(false);

/** Says who asks the person. */
export function setReauthenticationHandler(asker: Reauthenticate): void {
  prove = asker;
}

const reasons: Record<string, "ended" | "not_fresh"> = {
  SIGN_IN_REQUIRED: "ended",
  REAUTHENTICATION_REQUIRED: "not_fresh",
};

/** Whether a call that was refused may go again: once the person has shown who they are. */
export async function reauthenticateAfter(code: string): Promise<boolean> {
  const reason = reasons[code];
  return reason !== undefined && await prove(reason);
}

const reauthenticationLink: TRPCLink<AppRouter> = () => ({ op, next }) =>
  observable((observer) => {
    let tries = 0;
    let going: { unsubscribe(): void } | undefined;
    const go = () => {
      going = next(op).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        async error(error) {
          const { code } = toApiError(error);
          const mayAsk = tries++ === 0 && !op.path.startsWith("account.signIn") &&
            op.context.quiet !== true;
          if (mayAsk && await reauthenticateAfter(code)) go();
          else observer.error(error);
        },
      });
    };
    go();
    return () => going?.unsubscribe();
  });

export const trpc = createTRPCClient<AppRouter>({
  links: [
    reauthenticationLink,
    splitLink({
      condition: (op) => op.type === "subscription",
      true: httpSubscriptionLink({ url: "/trpc" }),
      false: httpBatchLink({ url: "/trpc", maxItems: 10, maxURLLength: 8000 }),
    }),
  ],
});

export { TRPCClientError };
