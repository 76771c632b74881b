// What could hand over accounts wants a recent authentication, through every entry point: each change that owners can make, and
// each of an administrator's own account, is called with valid input by a session that was authenticated an hour ago and
// by an access token. A new one is refused or has its reason below.
import assert from "node:assert/strict";
import type { z } from "zod";
import { listEndpoints } from "../../server/app.ts";
import type { SettingName } from "../../server/domain/settings/schema.ts";
import { defaultSettings } from "../../server/domain/settings/schema.ts";
import { isSensitiveSetting } from "../../server/domain/settings/sensitive.ts";
import { appRouter } from "../../server/trpc/router.ts";
import type { Rule } from "../../server/trpc/trpc.ts";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { callAs } from "../support/call_as.ts";
import { pathOf, sampleInput } from "../support/sample_input.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

/** Changes without it, by REST operation or procedure, each with the reason. */
const exempt: Record<string, string> = {
  "account.addPasskey": "answers a challenge that startPasskeyRegistration gave, for five minutes",
  "account.analyticsToken": "reads statistics alone and ends with the session",
  "account.changePassword": "asks for the password itself",
  "account.confirmTotpSetup": "confirms the secret that startTotpSetup showed",
  "account.endOtherSessions": "can only take away",
  "account.endSession": "can only take away",
  "account.confirmSecondFactor": "adds a factor that the account owns to the session",
  "account.startProviderReauthentication": "is the re-authentication",
  "account.reauthenticate": "is the re-authentication",
  "account.reauthenticateWithPasskey": "is the re-authentication",
  "account.setPreference": "columns, saved views and the theme",
  "account.signOut": "can only take away",
  endAccountSession: "can only take away",
  "mails.preview": "shows a mail with samples, and changes nothing",
  resendWebhookDelivery: "sends to an endpoint that is there",
  replayWebhookEvents: "sends to an endpoint that is there",
  "settings.change": "depends on the setting, see below",
  signOutAdministrator: "can only take away",
  testWebhook: "sends to an endpoint that is there",
  updateSetting: "depends on the setting, see below",
  "webhooks.replay": "sends to an endpoint that is there",
  "webhooks.replayDelivery": "sends to an endpoint that is there",
  "webhooks.test": "sends to an endpoint that is there",
};

const server = await startTestServer();
const owner = await makeAdministrator(server, "owner");
const anHourAgo = await server.ctx(new Date(Date.now() - 3_600_000));
const bearers = {
  "a session that was authenticated an hour ago": async () => await createTestSession(anHourAgo, owner.id),
  "an access token": async () => await createTestSession(await server.ctx(), owner.id, { kind: "token" }),
};

interface EntryPoint {
  name: string;
  call(headers: Record<string, string>): ReturnType<typeof callAs>;
}

const rules: (Rule | undefined)[] = ["owner", "account", "incomplete"];
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: string; meta?: { rule: Rule }; inputs: z.ZodType[] } }
  >,
).filter(([, { _def }]) => _def.type === "mutation" && rules.includes(_def.meta?.rule));
const endpoints = listEndpoints(server.server.services, server.config).filter((endpoint) =>
  endpoint.method !== "get" && endpoint.guard.scheme === "administrator" &&
  (endpoint.guard.role === "owner" || endpoint.tag === "Account")
);
const entryPoints: EntryPoint[] = [
  ...procedures.map(([name, { _def: { inputs } }]) => ({
    name,
    call: (headers: Record<string, string>) =>
      callAs(
        "post",
        `${server.url}/trpc/${name}`,
        headers,
        Object.assign({}, ...inputs.map((input) => sampleInput(input))),
      ),
  })),
  ...endpoints.map((endpoint) => ({
    name: endpoint.operationId!,
    call: (headers: Record<string, string>) =>
      callAs(
        endpoint.method,
        server.url + pathOf(endpoint),
        headers,
        endpoint.body && sampleInput(endpoint.body),
      ),
  })),
];

for (const { name, call } of entryPoints.filter(({ name }) => !(name in exempt))) {
  test(`${name} wants a recent authentication`, async () => {
    for (const [who, open] of Object.entries(bearers)) {
      const { status, code } = await call({ authorization: `Bearer ${(await open()).token}` });
      assert.deepEqual({ status, code }, { status: 403, code: "REAUTHENTICATION_REQUIRED" }, who);
    }
  });
}

test("every exception is still needed, and there are changes to check", () => {
  const names = entryPoints.map(({ name }) => name);
  assert.deepEqual(Object.keys(exempt).filter((name) => !names.includes(name)), []);
  assert.ok(names.length >= 40, String(names.length));
});

for (const [name, isSensitive] of Object.entries(isSensitiveSetting)) {
  test(`the setting ${name} ${isSensitive ? "wants" : "does not want"} a recent authentication`, async () => {
    const value = defaultSettings[name as SettingName];
    for (const [who, open] of Object.entries(bearers)) {
      const headers = { authorization: `Bearer ${(await open()).token}` };
      const answers = [
        await callAs("patch", `${server.url}/api/admin/settings/${name}`, headers, { value }),
        await callAs("post", `${server.url}/trpc/settings.change`, headers, { name, value }),
      ];
      for (const { status, code } of answers) {
        const expected = isSensitive
          ? { status: 403, code: "REAUTHENTICATION_REQUIRED" }
          : { status: 200, code: undefined };
        assert.deepEqual({ status, code }, expected, who);
      }
    }
  });
}

test("the server stops", () => server.stop());
