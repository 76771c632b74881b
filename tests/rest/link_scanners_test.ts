// Scanners of mail open every link, some of them several times and in several ways. Only the button of its page uses a
// link up.
import assert from "node:assert/strict";
import { type LinkPurpose } from "../../server/domain/accounts/email_links.ts";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { getSubscription, openSubscriptions } from "../../server/domain/mail/subscriptions.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const user = await makeUser(ctx);

/** Requests a link and returns the path of its page. */
async function pathOf(purpose: LinkPurpose, email: string): Promise<string> {
  await requestLink(ctx, { purpose, email, name: "New" });
  assert.equal((await sendRequestedLinks(ctx, server.url)).mailed, 1);
  const [mail] = await listReadableMails(ctx);
  return mail.text.match(/http:\S+?(\/account\/\w+\/[0-9a-f]{64})/)![1];
}

const ways: [method: string, headers: Record<string, string>][] = [
  ["HEAD", {}],
  ["GET", {}],
  ["GET", { "sec-purpose": "prefetch;prerender", purpose: "prefetch" }],
  ["GET", { "user-agent": "Mozilla/5.0 (compatible; MailScanner/1.0)", accept: "*/*" }],
  ["OPTIONS", {}],
];

const cases: [purpose: LinkPurpose, email: string, fields: Record<string, string>][] = [
  ["sign_in", user.email, {}],
  ["password", user.email, { password: "quite a long sentence" }],
  ["register", "new@example.com", { password: "quite a long sentence" }],
];

for (const [purpose, email, fields] of cases) {
  test(`a scanner uses up no link to ${purpose}; the button of the page does, once`, async () => {
    const path = await pathOf(purpose, email);
    for (let round = 0; round < 3; round++) {
      for (const [method, headers] of ways) {
        const response = await fetch(server.url + path, { method, headers, redirect: "manual" });
        await response.body?.cancel();
        assert.ok(response.status < 300 || method === "OPTIONS", `${method} ${response.status}`);
        assert.equal(response.headers.get("set-cookie"), null, method);
      }
    }
    const press = () =>
      fetch(server.url + path, {
        method: "POST",
        headers: { origin: server.url, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams(fields),
        redirect: "manual",
      });
    const pressed = await press();
    assert.match(pressed.headers.get("set-cookie") ?? "", /=/, `${pressed.status}: ${await pressed.text()}`);
    const again = await press();
    await again.body?.cancel();
    assert.equal(again.headers.get("set-cookie"), null, "once");
  });
}

test("a scanner unsubscribes no one; a mail program does with one click, and the page subscribes again", async () => {
  const subscriptions = await openSubscriptions(ctx, ["Buyer@example.com"]);
  const { token } = subscriptions.get("buyer@example.com")!;
  const path = `/account/unsubscribe/licenseExpiring/${token}`;
  const isOff = async () => (await getSubscription(ctx, { kind: "licenseExpiring", token })).isUnsubscribed;
  for (const [method, headers] of ways) {
    const response = await fetch(server.url + path, { method, headers, redirect: "manual" });
    await response.body?.cancel();
    assert.equal(await isOff(), false, method);
  }
  const post = async (body: URLSearchParams | FormData | string) => {
    const response = await fetch(server.url + path, { method: "POST", body, redirect: "manual" });
    return { status: response.status, text: await response.text() };
  };
  // RFC 8058, section 3.2: a form of either type, and no redirection.
  const click = new FormData();
  click.set("List-Unsubscribe", "One-Click");
  for (const body of [new URLSearchParams({ "List-Unsubscribe": "One-Click" }), click, ""]) {
    const { status, text } = await post(body);
    assert.equal(status, 200, text);
    assert.match(text, /You are unsubscribed/);
    assert.equal(await isOff(), true);
    assert.match((await post(new URLSearchParams({ subscribe: "yes" }))).text, /You get emails of this kind/);
    assert.equal(await isOff(), false);
  }
  const unknown = ["licenseExpiring/x", `signInLink/${token}`, `licenseExpiring/${crypto.randomUUID()}`];
  for (const path of unknown) {
    assert.equal((await server.get(`/account/unsubscribe/${path}`)).status, 404, path);
  }
});
