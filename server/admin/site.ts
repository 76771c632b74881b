// What administration needs to know of the configuration.

import type { AllowedNetworks } from "../domain/webhooks/address.ts";

export interface Site {
  /** Where the panel is reached. */
  publicUrl: string;
  /** Signs the tokens that open statistics. */
  jwtSecret: string;
  /** Networks webhooks may reach although they are not public. */
  webhookNetworks: AllowedNetworks;
}
