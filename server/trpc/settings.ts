// Settings: list and change.
import * as input from "../domain/settings/inputs.ts";
import { changeSetting, describeSettings } from "../domain/settings/settings.ts";
import type { SettingName } from "../domain/settings/schema.ts";
import { owner, router, seenRevision } from "./trpc.ts";

export const settingsRouter = router({
  list: owner.query(({ ctx: { ctx } }) => describeSettings(ctx)),
  /** The identity provider as it is configured, and whether it answers. */
  identityProvider: owner.query(async ({ ctx: { request } }) => ({
    provider: await request.services.identityProvider?.state() ?? null,
  })),
  change: owner.input(input.settingChange.extend(seenRevision.shape)).mutation(({ ctx: { ctx }, input }) =>
    changeSetting(ctx, input.name as SettingName, input.value as never, { revision: input.revision })
  ),
});
