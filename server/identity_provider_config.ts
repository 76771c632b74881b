// The variables of the company's identity provider (OpenID Connect): their schemas, and what has to be set together. The
// configuration decides who becomes an owner, so it is no setting of the panel, where a stolen session could change it.
import { z } from "zod";
import type { Role } from "./domain/actor.ts";
import { parseEmail } from "./domain/email_address.ts";

const yesOrNo = z.enum(["true", "false"]).default("false").transform((text) => text === "true");

/** `owner=license-owners, viewer=staff, viewer=support` */
const roles = z.string().default("").transform((text, ctx) =>
  text.split(",").map((part) => part.trim()).filter(Boolean).flatMap((part) => {
    const [, role, value] = part.match(/^(owner|manager|viewer)\s*=\s*(.+)$/) ?? [];
    if (value) return [{ role: role as Role, value }];
    ctx.addIssue(`must list roles and values, such as owner=license-owners, viewer=staff; "${part}" is not`);
    return [];
  })
);

/** `amr=mfa, acr=phr` */
const secondFactor = z.string().default("").transform((text, ctx) =>
  text.split(",").map((part) => part.trim()).filter(Boolean).flatMap((part) => {
    const [, claim, value] = part.match(/^(amr|acr)\s*=\s*(.+)$/) ?? [];
    if (value) return [{ claim: claim as "amr" | "acr", value }];
    ctx.addIssue(`must list values of amr and acr, such as amr=mfa, acr=phr; "${part}" is not`);
    return [];
  })
);

/** By https; by http only on this machine, for trying things out. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== "" || url.hash !== "") return false;
  return url.protocol === "https:" ||
    url.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

/** A private key as a JSON Web Key (RFC 7517). */
const privateKey = z.string().transform((text, ctx) => {
  try {
    return z.looseObject({ kty: z.string(), d: z.string(), alg: z.string() }).parse(JSON.parse(text));
  } catch {
    ctx.addIssue("must be a private JSON Web Key with kty, alg and d");
    return z.NEVER;
  }
});

export const identityProviderVariables = {
  OIDC_ISSUER: z.string().refine(isIssuer, "must be an https address without a query").optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_CLIENT_KEY: privateKey.optional(),
  OIDC_NAME: z.string().max(50).optional(),
  OIDC_SCOPE: z.string().default("openid profile email").refine(
    (scope) => scope.split(" ").includes("openid"),
    "must contain openid",
  ),
  OIDC_ROLE_CLAIM: z.string().optional(),
  OIDC_ROLES: roles,
  OIDC_CREATE_ADMINISTRATORS: yesOrNo,
  OIDC_SECOND_FACTOR: secondFactor,
  OIDC_REQUIRED: yesOrNo,
  OIDC_BREAK_GLASS: z.string().refine((text) => parseEmail(text) !== null, "must be an email address")
    .optional(),
};

const variables = z.object(identityProviderVariables);
type IdentityProviderEnvironment = z.infer<typeof variables>;

/** What is missing or contradicts: a line for each. */
export function findIdentityProviderProblems(
  given: IdentityProviderEnvironment,
): [name: string, why: string][] {
  const problems: [string, string][] = [];
  const isSet = Object.entries(given).filter(([name, value]) =>
    name.startsWith("OIDC_") && name !== "OIDC_SCOPE" && value !== undefined && value !== false &&
    !(Array.isArray(value) && value.length === 0)
  ).map(([name]) => name);
  if (!given.OIDC_ISSUER) {
    return isSet.length > 0 ? [["OIDC_ISSUER", `must be set, because ${isSet.join(", ")} is`]] : [];
  }
  if (!given.OIDC_CLIENT_ID) problems.push(["OIDC_CLIENT_ID", "must be set, because OIDC_ISSUER is"]);
  if (!given.OIDC_CLIENT_SECRET === !given.OIDC_CLIENT_KEY) {
    problems.push(["OIDC_CLIENT_SECRET", "or OIDC_CLIENT_KEY must be set, and not both"]);
  }
  if (Boolean(given.OIDC_ROLE_CLAIM) !== given.OIDC_ROLES.length > 0) {
    problems.push(["OIDC_ROLES", "and OIDC_ROLE_CLAIM must be set together"]);
  }
  if (given.OIDC_CREATE_ADMINISTRATORS && !given.OIDC_ROLE_CLAIM) {
    problems.push([
      "OIDC_CREATE_ADMINISTRATORS",
      "needs OIDC_ROLE_CLAIM and OIDC_ROLES, which give the role",
    ]);
  }
  if (given.OIDC_REQUIRED && !given.OIDC_BREAK_GLASS) {
    problems.push([
      "OIDC_BREAK_GLASS",
      "must be set with OIDC_REQUIRED: the owner who gets in while the identity provider does not answer",
    ]);
  }
  return problems;
}
