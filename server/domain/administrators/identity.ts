// What an identity provider says of a person (OpenID Connect Core 1.0, sections 2 and 5), and what the configuration makes
// of it.
import type { Role } from "../actor.ts";
import { includesRole } from "../authorization.ts";

/** What a verified ID token and the answer of the userinfo endpoint say. */
export interface Identity {
  issuer: string;
  subject: string;
  email: string | null;
  /** Whether the provider says so itself; an address alone proves nothing. */
  isEmailVerified: boolean;
  name: string | null;
  /** The values of the claim that gives the role. */
  roleValues: string[];
  /** When the person entered a credential there; null when the provider does not say. */
  authenticatedAt: Date | null;
  /** Methods of authentication (RFC 8176) and its class, of the ID token alone. */
  amr: string[];
  acr: string | null;
  /** The ID token, for signing out at the provider. */
  idToken: string;
}

/** How the configuration treats identities. */
export interface IdentityPolicy {
  /** The provider's name on buttons. */
  name: string;
  /** Roles by values of the claim; null when roles are given in the panel alone. */
  roles: { role: Role; value: string }[] | null;
  /** Whether an administrator is created at a first sign-in. */
  createsAdministrators: boolean;
  /** What counts as a second factor; without any the account's own is asked for. */
  secondFactor: { claim: "amr" | "acr"; value: string }[];
}

/** The highest role that the values of an identity give; null when none does. */
export function roleOf({ roles }: IdentityPolicy, { roleValues }: Identity): Role | null {
  return (roles ?? []).filter(({ value }) => roleValues.includes(value)).map(({ role }) => role)
    .reduce<Role | null>((best, role) => best !== null && includesRole(best, role) ? best : role, null);
}

/** Whether the provider has checked a second factor, as the configuration trusts it. */
export function hasSecondFactor({ secondFactor }: IdentityPolicy, { amr, acr }: Identity): boolean {
  return secondFactor.some(({ claim, value }) => claim === "amr" ? amr.includes(value) : acr === value);
}
