// What the figures of the panel are compared with: a paint of an almost empty page, and the bare answers of the server.
import type { Page } from "playwright-core";
import { timed } from "./stopwatch.ts";

/** From a click to the paint of one changed word on a page without anything else; milliseconds. */
export async function preparePaint(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.setContent("<button onclick='this.textContent += 1'>Word</button>");
}

export const measurePaint = (page: Page): Promise<number> =>
  timed(page, { event: "click" }, () => page.locator("button").click());

/** A procedure with an input, called by the page as the panel does; milliseconds. */
export async function measureCall(page: Page, procedure: string, input: unknown): Promise<number> {
  const query = encodeURIComponent(JSON.stringify({ 0: input }));
  return await page.evaluate(async (address) => {
    const began = performance.now();
    const response = await fetch(address);
    if (!response.ok) throw new Error(await response.text());
    await response.json();
    return performance.now() - began;
  }, `/trpc/${procedure}?batch=1&input=${query}`);
}
