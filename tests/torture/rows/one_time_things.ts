// Whatever works once works once when it is sent 50 times at the same moment to two servers.
import { Secret, TOTP } from "otpauth";
import { createSetupLink } from "../../../server/domain/administrators/first_owner.ts";
import {
  requestPasswordLink,
  sendRequestedPasswordLinks,
} from "../../../server/domain/administrators/password_links.ts";
import { inviteAdministrator } from "../../../server/domain/administrators/invitations.ts";
import { createUser } from "../../../server/domain/accounts/users.ts";
import {
  bearer,
  callProcedure,
  linkToken,
  makeAdministrator,
  newestMail,
  PASSWORD,
  signIn,
  tokenIn,
  withoutLimits,
} from "../accounts.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const AT_ONCE = 50;
const NEW_PASSWORD = "seven small kettles";

export const row: TortureRow = {
  fault: "one-time things (links, codes, a refresh beyond its overlap) 50 times at once",
  reach: "1 success each; of a refresh beyond its overlap none",
  // Hundreds of password hashes are too much for a short form.
  coveredBy: [
    "tests/rest/administrator_links_test.ts",
    "tests/rest/email_links_test.ts",
    "tests/rest/sessions_test.ts",
    "tests/domain/administrator_session_races_test.ts",
  ],
  async run(size) {
    const system = await startSystem(size);
    try {
      const servers = await Promise.all([0, 1].map(() => system.startServer({ env: withoutLimits })));
      const url = servers[0].url;
      const successes = async (send: (url: string, n: number) => Promise<{ status: number }>) => {
        const answers = await Promise.all(
          Array.from({ length: AT_ONCE }, (_, n) => send(servers[n % 2].url, n)),
        );
        return answers.filter(({ status }) => status < 300).length;
      };
      const post = async (url: string, path: string, body: unknown) => {
        const response = await fetch(url + path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        return { status: response.status, body: await response.json() };
      };

      const setup = tokenIn(`${(await createSetupLink(await system.ctx(), url))!.url}\n`);
      const owners = await successes((url, n) =>
        callProcedure(url, "account.createFirstOwner", {
          token: setup,
          email: `owner${n}@torture.example`,
          name: "Owner",
          password: PASSWORD,
        })
      );

      const invited = "invited@torture.example";
      await inviteAdministrator(await system.ctx(), { email: invited, name: "Invited", role: "viewer" }, url);
      const invitation = tokenIn(await newestMail(system, invited));
      const invitations = await successes((url) =>
        callProcedure(url, "account.acceptInvitation", { token: invitation, password: PASSWORD })
      );

      const forgetful = await makeAdministrator(system);
      await requestPasswordLink(await system.ctx(), forgetful);
      await sendRequestedPasswordLinks(await system.ctx(), url);
      const reset = tokenIn(await newestMail(system, forgetful.email));
      const resets = await successes((url) =>
        callProcedure(url, "account.resetPassword", { token: reset, password: NEW_PASSWORD })
      );

      const { email } = await makeAdministrator(system);
      const session = bearer((await signIn(url, email))!);
      const json = { ...session, "content-type": "application/json" };
      const start = await fetch(`${url}/trpc/account.startTotpSetup`, {
        method: "POST",
        headers: json,
        body: "{}",
      });
      const secret = (await start.json()).result.data.secret.replace(/\s/g, "");
      const code = (ahead: number) =>
        new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead });
      const confirmed = await fetch(`${url}/trpc/account.confirmTotpSetup`, {
        method: "POST",
        headers: json,
        body: JSON.stringify({ code: code(0) }),
      });
      const [recovery] = (await confirmed.json()).result.data;
      const next = code(30_000);
      const bySecondFactor = (code: string) =>
        successes((url) => callProcedure(url, "account.signIn", { email, password: PASSWORD, code }));
      const totp = await bySecondFactor(next);
      const recoveryCode = await bySecondFactor(recovery);

      const user = await createUser(await system.ctx(), { email: "user@torture.example", name: "User" });
      const link = await linkToken(system, user.email);
      const links = await successes((url) => post(url, "/api/v2/auth/login", { magic_link_token: link }));

      const opened = await post(url, "/api/v2/auth/login", {
        magic_link_token: await linkToken(system, user.email),
      });
      const old = opened.body.session_token;
      await post(url, "/api/v2/auth/refresh", { session_token: old });
      await system.db`
        update sessions
        set replaced_at = replaced_at - interval '61 seconds'
        where replaced_at is not null`;
      const refreshes = await successes((url) => post(url, "/api/v2/auth/refresh", { session_token: old }));

      const figures = {
        "setup link": owners,
        invitation: invitations,
        "password link": resets,
        "TOTP code": totp,
        "recovery code": recoveryCode,
        "magic link": links,
        "refresh beyond its overlap": refreshes,
      };
      const { "refresh beyond its overlap": late, ...once } = figures;
      return { held: late === 0 && Object.values(once).every((count) => count === 1), figures };
    } finally {
      await system.stop();
    }
  },
};
