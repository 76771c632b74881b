// Which setting lets a kind of mail to customers be sent.
import type { Settings } from "../../settings/schema.ts";
import type { CustomerMailKind } from "./customer_mails.ts";

/** Names of the settings that are true or false. */
type Switch = { [Name in keyof Settings]: Settings[Name] extends boolean ? Name : never }[keyof Settings];

/** Complete by its type: a new kind does not compile without a setting. */
export const settingOf = {
  licenseDelivered: "mailLicenseDelivered",
  licenseExpiring: "mailLicenseExpiring",
  licenseInGrace: "mailLicenseInGrace",
  licenseExpired: "mailLicenseExpired",
  licenseRenewed: "mailLicenseRenewed",
  limitReached: "mailLimitReached",
  usageReached: "mailUsageReached",
  newDevice: "mailNewDevice",
} as const satisfies Record<CustomerMailKind, Switch>;
