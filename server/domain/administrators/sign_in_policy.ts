// Whether a password or passkey may open a session: not while the identity provider is required, but for one owner.
import type { Context } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { refuse } from "../errors.ts";

/** Whether the administrator of an address may sign in without the identity provider. */
export function maySignInWithoutProvider(
  { signInPolicy }: Pick<Context, "signInPolicy">,
  email: string,
): boolean {
  if (!signInPolicy?.isProviderRequired) return true;
  return signInPolicy.breakGlass !== null && foldEmail(signInPolicy.breakGlass) === foldEmail(email);
}

/** @throws DomainError `IDENTITY_PROVIDER_REQUIRED` */
export function requireSignInWithoutProvider(ctx: Pick<Context, "signInPolicy">, email: string): void {
  if (!maySignInWithoutProvider(ctx, email)) refuse("IDENTITY_PROVIDER_REQUIRED");
}
