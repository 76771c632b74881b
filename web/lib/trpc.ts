// The tRPC client. A call that needs a session or a recent authentication waits until the administrator has
// authenticated again, and is then repeated.
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
import { toApiError, unreachableError } from "./api_error.ts";
import { checkConnection } from "./connection.ts";

export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

/** Why an administrator has to authenticate: the session has ended, or the last authentication is too long ago. */
export type ReauthenticationReason = "ended" | "not_fresh";

/** Asks for the credentials; resolves to false when the administrator cancels. */
type ReauthenticationHandler = (reason: ReauthenticationReason) => Promise<boolean>;
let reauthenticate: ReauthenticationHandler = () => Promise.resolve(false);

/** Registers the dialog that asks for the credentials. */
export function setReauthenticationHandler(handler: ReauthenticationHandler): void {
  reauthenticate = handler;
}

const reasons: Record<string, ReauthenticationReason> = {
  SIGN_IN_REQUIRED: "ended",
  REAUTHENTICATION_REQUIRED: "not_fresh",
};

/** Asks for the credentials if an error code requires it; resolves to true when the call can be repeated. */
export async function reauthenticateAfter(code: string): Promise<boolean> {
  const reason = reasons[code];
  return reason !== undefined && await reauthenticate(reason);
}

/** Repeats a call once after re-authentication. Calls with the context `quiet` fail at once. */
const reauthenticationLink: TRPCLink<AppRouter> = () => ({ op, next }) =>
  observable((observer) => {
    let isRepeated = false;
    let subscription: { unsubscribe(): void } | undefined;
    const run = () => {
      subscription = next(op).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        async error(error) {
          const canRepeat = !isRepeated && !op.path.startsWith("account.signIn") && op.context.quiet !== true;
          isRepeated = true;
          if (canRepeat && await reauthenticateAfter(toApiError(error).code)) run();
          else observer.error(error);
        },
      });
    };
    run();
    return () => subscription?.unsubscribe();
  });

/** A call without an answer may mean that the server is away. */
const connectionLink: TRPCLink<AppRouter> = () => ({ op, next }) =>
  observable((observer) =>
    next(op).subscribe({
      next: (value) => observer.next(value),
      complete: () => observer.complete(),
      error(error) {
        if (toApiError(error).code === unreachableError.code) void checkConnection();
        observer.error(error);
      },
    })
  );

export const trpc = createTRPCClient<AppRouter>({
  links: [
    reauthenticationLink,
    connectionLink,
    splitLink({
      condition: (op) => op.type === "subscription",
      true: httpSubscriptionLink({ url: "/trpc" }),
      false: httpBatchLink({ url: "/trpc", maxItems: 10, maxURLLength: 8000 }),
    }),
  ],
});

export { TRPCClientError };
