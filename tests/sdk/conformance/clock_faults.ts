// The device's clock: set back, set forward, and corrected.
import { lost } from "./between.ts";
import { perhapsLost, type Trial } from "./trial.ts";
import type { Vendor } from "./vendor.ts";

const HOUR = 3600;
const DAY = 86_400;

export async function clocks(trial: Trial, vendor: Vendor): Promise<void> {
  const { between } = vendor;
  between.begin(between.honest);
  for (
    const [name, offlineDays] of [["with a license file", 30], ["without a license file", undefined]] as const
  ) {
    const { key } = await vendor.license({ offlineDays });
    const client = await trial.open({ file: await trial.path(`${name}/license.json`) });
    await client.expect("activate", { license_key: key }, "valid");
    between.begin(lost);
    const clocks = [[-0.5 * HOUR, "valid"], [-DAY, "clock_tampered"], [365 * DAY, "expired"], [
      0,
      "valid",
    ]] as const;
    for (const [offset, state] of clocks) {
      trial.step(`${name}, the clock at ${offset} s`);
      await client.call("clock", { offset });
      await client.expect("status", {}, state, perhapsLost);
      await client.restart();
      await client.call("clock", { offset });
      await client.expect("start", {}, state);
      await client.call("stop");
    }
    trial.step(`${name}, the server is reached while the clock is wrong`);
    between.begin(between.honest);
    await client.restart();
    await client.call("clock", { offset: -DAY });
    await client.expect("refresh", {}, "clock_tampered");
    await client.call("clock", { offset: 0 });
    await client.expect("refresh", {}, "valid");
  }
  trial.step("a time that was seen and put out of the cache file");
  const path = await trial.path("seen/license.json");
  const client = await trial.open({ file: path });
  const { key } = await vendor.license();
  await client.expect("activate", { license_key: key }, "valid");
  for (const name of [path, `${path}.previous`]) {
    const kept = await Deno.readTextFile(name).catch(() => "{}");
    await Deno.writeTextFile(name, JSON.stringify({ ...JSON.parse(kept), trusted: 0 }));
  }
  await client.call("clock", { offset: -DAY });
  await client.expect("status", {}, "clock_tampered");
  await client.restart();
  await client.call("clock", { offset: -DAY });
  await client.expect("status", {}, "clock_tampered");
}
