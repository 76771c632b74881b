// The link that opens an app takes the token of a sign-in link: it leads to https or to a scheme of the app's own.
import assert from "node:assert/strict";
import { fillAppLink, isAppLink } from "../../server/domain/settings/app_link.ts";
import { defaultSettings, settingsSchema } from "../../server/domain/settings/schema.ts";
import { changeSetting, readSettings } from "../../server/domain/settings/settings.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const allowed = [
  "",
  defaultSettings.appLink,
  "myapp:{token}",
  "myapp://sign-in/{token}",
  "com.example.app:/link?t={token}&a=1",
  "https://app.example.com/open?token={token}",
  "HTTPS://app.example.com/{token}#x",
];
const refused = [
  "nowhere",
  "myapp://no-placeholder",
  "myapp://{token}/{token}",
  "{token}",
  "//evil.example/{token}",
  "/{token}",
  "javascript:alert('{token}')",
  "JavaScript:alert(`{token}`)",
  "JAVASCRIPT://%0aalert({token})",
  " javascript:{token}",
  "\tjavascript:{token}",
  "java\nscript:{token}",
  "java\tscript:{token}",
  "\u0001javascript:{token}",
  "javascript\u200b:{token}",
  "ｊavascript:{token}",
  "data:text/html,{token}",
  "DATA:text/html;base64,{token}",
  "vbscript:{token}",
  "VbScript:{token}",
  "file:///{token}",
  "http://app.example.com/{token}",
  "HTTP://app.example.com/{token}",
  "ws://app.example.com/{token}",
  "ftp://app.example.com/{token}",
  "blob:https://app.example.com/{token}",
  "view-source:https://app.example.com/{token}",
  "intent://x/{token}#Intent;S.browser_fallback_url=https://evil.example;end",
  "ms-msdt:/id {token}",
  "ms-officecmd:{token}",
  "https://{token}.evil.example/",
  "https://{token}@evil.example/",
  "https://user:pass@evil.example/{token}",
  "https:///{token}",
  "https:{token}",
  "https:\\\\evil.example\\{token}",
  'myapp:"onclick={token}',
  "myapp:<{token}>",
  "myapp:a b{token}",
  "myapp:{token}\n",
  "myapp:ü{token}",
  `myapp:${"x".repeat(255)}{token}`,
];

const system = await createTestSystem();

for (const link of allowed) {
  test(`${JSON.stringify(link)} is a link to an app`, async () => {
    const ctx = await system.ctx();
    await changeSetting(ctx, "appLink", link);
    assert.equal((await readSettings(system.db)).appLink, link);
    assert.equal(fillAppLink(link, "abc"), link === "" ? null : link.replace("{token}", "abc"));
  });
}

for (const link of refused) {
  test(`${JSON.stringify(link.slice(0, 80))} is refused when it is saved and when it is used`, async () => {
    const ctx = await system.ctx();
    await assert.rejects(changeSetting(ctx, "appLink", link), { code: "INVALID_REQUEST" });
    assert.equal(settingsSchema.shape.appLink.safeParse(link).success, false);
    if (link.length < 255) {
      assert.equal(isAppLink(link), false);
      assert.equal(fillAppLink(link, "abc"), null);
    }
    // A value that is in the table from elsewhere.
    await system.db`
      insert into settings (name, value, updated_at)
      values ('appLink', ${system.db.json(link)}, now())
      on conflict (name) do update set value = excluded.value`;
    assert.equal((await readSettings(system.db)).appLink, defaultSettings.appLink);
  });
}

test("the token of a link cannot change where it leads", () => {
  assert.equal(fillAppLink("myapp:{token}", "a&b=$&/../#x"), "myapp:a%26b%3D%24%26%2F..%2F%23x");
});

test("the connections close", () => system.db.end());
