// Every page for users: plain HTML made here, which needs no script.
import type { Config } from "../../config.ts";
import type { Endpoint } from "../../request/endpoint.ts";
import type { Guards, Limits } from "../../request/guards.ts";
import { accountPages } from "./account_page.ts";
import { mailboxPage } from "./mailbox_page.ts";
import { passwordPages } from "./password_pages.ts";
import { signInPages } from "./sign_in_pages.ts";
import { createVisitors } from "./visitors.ts";

export function userPages(
  guards: Guards,
  limits: Limits,
  config: Pick<Config, "PUBLIC_URL" | "development">,
): Endpoint[] {
  const visitors = createVisitors(guards, limits, config.PUBLIC_URL);
  return [
    ...signInPages(visitors, limits),
    ...passwordPages(visitors, limits),
    ...accountPages(visitors),
    ...(config.development ? [mailboxPage(visitors)] : []),
  ];
}
