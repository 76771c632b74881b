// The time from what a person does to what they see, measured inside the page: from the browser's own time of the event to the
// frame in which the result was painted.
import type { Page } from "playwright-core";

export interface Watched {
  /** The event that starts the watch. */
  event: "click" | "keydown" | "pointerdown";
  /**
   * What is shown at the end: an element whose text contains `text`. Without it, the first change: of the page, or of what
   * is pressed.
   */
  selector?: string;
  text?: string;
  /** An element that must not be there at the end. */
  absent?: string;
}

/**
 * Measures an action.
 *
 * @returns milliseconds
 */
export async function timed(page: Page, watched: Watched, act: () => Promise<unknown>): Promise<number> {
  const watch = await page.evaluateHandle(startWatch, watched);
  await act();
  return await watch.evaluate(({ taken }) => taken);
}

/** Runs in the page. The time is in an object, as a handle of a promise would be one of its result. */
function startWatch({ event, selector, text = "", absent }: Watched): { taken: Promise<number> } {
  const isShown = () =>
    (!selector ||
      [...document.querySelectorAll(selector)].some((found) => found.textContent!.includes(text))) &&
    (!absent || !document.querySelector(absent));
  const taken = new Promise<number>((resolve) => {
    addEventListener(event, ({ timeStamp }) => {
      const end = () => {
        observer.disconnect();
        // A message that is sent in a frame arrives after it was painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - timeStamp);
          port2.postMessage(null);
        });
      };
      const observer = new MutationObserver(() => isShown() && end());
      const pressed = document.querySelector(":is(a, button):active");
      if (!selector && pressed && getComputedStyle(pressed).opacity !== "1") return end();
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    }, { capture: true, once: true });
  });
  return { taken };
}

/** Makes the processor of a page so many times slower. */
export async function throttle(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: times });
}
