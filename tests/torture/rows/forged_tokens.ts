// Tokens that are forged: without a signature, with another algorithm or key, with changed claims, and one kind of token
// used as another. A right one of each kind is accepted beside them.
import { generateKeyPair, SignJWT } from "jose";
import { createUser } from "../../../server/domain/accounts/users.ts";
import { testSecrets } from "../../support/secrets.ts";
import { makeCatalogue, makeUserLicense } from "../../support/users.ts";
import { bearer, linkToken, makeAdministrator, signIn, withoutLimits } from "../accounts.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const part = (value: unknown) =>
  btoa(JSON.stringify(value)).replace(/=+$/, "").replaceAll("+", "-")
    .replaceAll("/", "_");
const read = (token: string, index: number) =>
  JSON.parse(atob(token.split(".")[index].replaceAll("-", "+").replaceAll("_", "/")));

export const row: TortureRow = {
  fault: "tokens: none, wrong algorithm, wrong key, changed claims, one kind used as another",
  reach: "0 accepted",
  async run(size) {
    const system = await startSystem(size);
    try {
      const { url } = await system.startServer({ env: withoutLimits });
      const ctx = await system.ctx();
      const { email } = await makeAdministrator(system, "owner");
      const session = (await signIn(url, email))!;
      const analytics = (await (await fetch(`${url}/api/admin/license/auth-token`, {
        headers: bearer(session),
      })).json()).token as string;
      const user = await createUser(ctx, { email: "user@torture.example", name: "User" });
      await makeUserLicense(ctx, await makeCatalogue(ctx), user, "yearly");
      const signedIn = await (await fetch(`${url}/api/v2/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ magic_link_token: await linkToken(system, user.email), device_id: "one" }),
      })).json();
      const entitlement = signedIn.entitlement_token;
      const userSession = signedIn.session_token as string;

      const isReader = async (token: string) => {
        const response = await fetch(`${url}/api/monitoring/live-stats`, { headers: bearer(token) });
        await response.body?.cancel();
        return response.ok;
      };
      const isAdministrator = async (token: string) => {
        const response = await fetch(`${url}/api/customers`, { headers: bearer(token) });
        await response.body?.cancel();
        return response.ok;
      };
      const isEntitled = async (entitlement_token: unknown) => {
        const response = await fetch(`${url}/api/v2/license/validate`, {
          method: "POST",
          headers: { ...bearer(userSession), "content-type": "application/json" },
          body: JSON.stringify({ entitlement_token }),
        });
        return (await response.json()).valid === true;
      };

      const { privateKey } = await generateKeyPair("Ed25519", { extractable: true });
      const claims = read(analytics, 1);
      const [, , signature] = analytics.split(".");
      const secret = new TextEncoder().encode(testSecrets.JWT_SECRET);
      const hmac = (payload: object, key = secret, alg = "HS256") =>
        new SignJWT({ ...payload }).setProtectedHeader({ alg, typ: "JWT" }).sign(key);
      const forgedReaders: Record<string, string> = {
        none: `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`,
        "none with the signature": `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.${signature}`,
        "another algorithm": await hmac(claims, secret, "HS512"),
        "another key": await hmac(claims, new TextEncoder().encode("x".repeat(32))),
        "a key pair": await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA" }).sign(privateKey),
        "changed claims": `${part(read(analytics, 0))}.${
          part({ ...claims, exp: claims.exp + 3600 })
        }.${signature}`,
        "another audience": await hmac({ ...claims, aud: "latchkey" }),
        "another scope": await hmac({ ...claims, scope: "admin" }),
        "an expiry in the past": await hmac({ ...claims, exp: 1 }),
        "another session": await hmac({ ...claims, sid: 999_999 }),
        "the session token of a user": userSession,
        "an entitlement token": entitlement.signature,
      };
      const forgedAdministrators: Record<string, string> = {
        "a statistics token": analytics,
        "the session token of a user": userSession,
        "an entitlement token": entitlement.signature,
        none: `${part({ alg: "none" })}.${part({ sub: "1", role: "owner" })}.`,
      };
      const { signature: jws, ...own } = entitlement as Record<string, unknown> & { signature: string };
      const [header, payload, mark] = jws.split(".");
      const forgedEntitlements: Record<string, unknown> = {
        none: { ...entitlement, signature: `${part({ alg: "none" })}.${payload}.` },
        "the public key as a secret": { ...entitlement, signature: await hmac(own) },
        "another key": {
          ...entitlement,
          signature: await new SignJWT(own).setProtectedHeader(read(jws, 0)).sign(privateKey),
        },
        "changed claims": { ...entitlement, plan: "perpetual" },
        "changed claims in the signature": {
          ...entitlement,
          plan: "perpetual",
          signature: `${header}.${part({ ...own, plan: "perpetual" })}.${mark}`,
        },
        "a statistics token": { ...entitlement, signature: analytics },
        "an administrator's token": { ...entitlement, signature: session },
      };

      const accepted: string[] = [];
      for (const [name, token] of Object.entries(forgedReaders)) {
        if (await isReader(token)) accepted.push(`statistics with ${name}`);
      }
      for (const [name, token] of Object.entries(forgedAdministrators)) {
        if (await isAdministrator(token)) accepted.push(`administration with ${name}`);
      }
      for (const [name, token] of Object.entries(forgedEntitlements)) {
        if (await isEntitled(token)) accepted.push(`entitlement with ${name}`);
      }
      const right = [
        await isReader(analytics),
        await isAdministrator(session),
        await isEntitled(entitlement),
      ];
      const tried = [forgedReaders, forgedAdministrators, forgedEntitlements]
        .map((forged) => Object.keys(forged).length).reduce((sum, count) => sum + count);
      return {
        held: accepted.length === 0 && right.every(Boolean),
        figures: {
          "forged tokens": tried,
          accepted: accepted.join("; ") || 0,
          "right tokens accepted": `${right.filter(Boolean).length} of ${right.length}`,
        },
      };
    } finally {
      await system.stop();
    }
  },
};
