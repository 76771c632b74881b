// Scanners of mail open every link, some of them several times and in several ways. Only the button of its page uses a
// link up.
import assert from "node:assert/strict";
import { type LinkPurpose } from "../../server/domain/accounts/email_link_texts.ts";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
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
