// Every account page: HTML rendered on the server, without a script.
import type { Config } from "../../config.ts";
import type { Endpoint } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import type { Limits } from "../../request/limits.ts";
import { accountPages } from "./account_page.ts";
import { licenseFilePages } from "./license_file_pages.ts";
import { offlinePages } from "./offline_pages.ts";
import { mailboxPages } from "./mailbox_page.ts";
import { removalPages } from "./removal_pages.ts";
import { passwordPages } from "./password_pages.ts";
import { signInPages } from "./sign_in_pages.ts";
import { unsubscribePages } from "./unsubscribe_page.ts";
import { createPageGuards } from "./page_guards.ts";

export function userPages(
  sharedGuards: Guards,
  limits: Limits,
  config: Pick<Config, "development">,
): Endpoint[] {
  const guards = createPageGuards(sharedGuards, limits);
  return [
    ...signInPages(guards, limits),
    ...passwordPages(guards, limits),
    ...accountPages(guards),
    ...licenseFilePages(guards),
    ...offlinePages(guards),
    ...removalPages(guards),
    ...unsubscribePages(guards),
    ...(config.development ? mailboxPages(guards) : []),
  ];
}
