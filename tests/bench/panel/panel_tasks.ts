// What people do in the panel all day, each as one action whose result is seen.
import type { Page } from "playwright-core";
import { timed } from "./stopwatch.ts";

export interface PanelTask {
  name: string;
  /** Milliseconds by the factor by which the processor is slowed down; others are measured without a goal. */
  goals: Partial<Record<1 | 4, number>>;
  /** Before the first time. */
  prepare(page: Page): Promise<unknown>;
  /** @returns milliseconds */
  run(page: Page, n: number): Promise<number>;
}

const SEARCH = "input[type=search]";
const PALETTE = "[role=dialog] [role=combobox]";
const ROWS = "tbody tr[data-id]";
const BUSY = "[aria-busy=true]";
/** Between two keys of a quick typist; milliseconds. */
const KEY_MS = 60;
/** How long a button of the mouse is held down. */
const press = { delay: 60 };

const openList = async (page: Page) => {
  await page.goto("/licenses");
  await page.locator(ROWS).first().waitFor();
};

/** Opens the license of a row by its link, which the pointer reaches just before. */
function openLicense(
  name: string,
  goals: PanelTask["goals"],
  selector: string,
  text: (key: string) => string,
): PanelTask {
  return {
    name,
    goals,
    prepare: openList,
    async run(page, n) {
      const link = page.locator(`${ROWS} a`).nth(n % 20);
      const key = (await link.textContent())!;
      const taken = await timed(page, { event: "click", selector, text: text(key) }, () => link.click());
      await page.locator(ROWS, { hasText: "BENCH-PC" }).first().waitFor();
      await page.goBack();
      await page.locator(ROWS, { hasText: key }).waitFor();
      return taken;
    },
  };
}

/** The first change that is seen after clicks of many kinds, one after the other. */
function firstChanges(
  name: string,
  goals: PanelTask["goals"],
  act: (page: Page, n: number) => Promise<() => Promise<unknown>>,
): PanelTask {
  return {
    name,
    goals,
    prepare: openList,
    async run(page, n) {
      const click = await act(page, n);
      return await timed(page, { event: "pointerdown" }, click);
    },
  };
}

const destinations = ["Customers", "Devices", "Sessions", "Products", "Licenses"];

/** Keys, and an entry that each finds without asking the server. */
const typed = [["d", "Disable license"], ["e", "Extend license"], ["a", "Assign license"], ["p", "Print"]];

export function panelTasks(keys: string[]): PanelTask[] {
  return [
    {
      name: "search of a list, last key to rows",
      goals: { 1: 150 },
      prepare: openList,
      async run(page, n) {
        const text = keys[n * 97 % keys.length].slice(0, 7);
        await page.fill(SEARCH, "");
        await page.locator(SEARCH).pressSequentially(text.slice(0, -1), { delay: KEY_MS });
        await page.waitForTimeout(KEY_MS);
        return await timed(
          page,
          { event: "keydown", selector: `${ROWS} a`, text, absent: BUSY },
          () => page.keyboard.press(text.at(-1)!),
        );
      },
    },
    openLicense("a license from its list, click to content", { 1: 100 }, "h1", (key) => key),
    openLicense("a license from its list, click to its devices", {}, ROWS, () => "BENCH-PC"),
    {
      name: "palette, Ctrl-K to its field",
      goals: { 1: 50 },
      prepare: openList,
      async run(page) {
        const taken = await timed(
          page,
          { event: "keydown", selector: "[role=dialog]" },
          () => page.keyboard.press("Control+k"),
        );
        await page.keyboard.press("Escape");
        await page.locator(PALETTE).waitFor({ state: "detached" });
        return taken;
      },
    },
    {
      name: "palette, key to entries",
      goals: { 1: 50 },
      async prepare(page) {
        await openList(page);
        await page.keyboard.press("Control+k");
        await page.locator(PALETTE).waitFor();
      },
      async run(page, n) {
        await page.fill(PALETTE, "");
        const [key, text] = typed[n % typed.length];
        return await timed(
          page,
          { event: "keydown", selector: "[role=option]", text },
          () => page.keyboard.press(key),
        );
      },
    },
    {
      name: "palette, key to what the server finds",
      goals: {},
      async prepare(page) {
        await openList(page);
        await page.keyboard.press("Control+k");
        await page.locator(PALETTE).waitFor();
      },
      async run(page, n) {
        const text = keys[n * 89 % keys.length].slice(0, 9);
        await page.fill(PALETTE, text.slice(0, -1));
        await page.waitForTimeout(KEY_MS);
        return await timed(
          page,
          { event: "keydown", selector: "[role=option]", text },
          () => page.keyboard.press(text.at(-1)!),
        );
      },
    },
    firstChanges("a page of the menu, press to first change", { 4: 100 }, async (page, n) => {
      const name = destinations[n % destinations.length];
      await page.waitForLoadState("networkidle", { timeout: 1000 }).catch(() => {});
      return () =>
        page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click(press);
    }),
    firstChanges("a row, press to first change", { 4: 100 }, async (page, n) => {
      if (n > 0) await page.goBack();
      const link = page.locator(`${ROWS} a`).nth(n % 20);
      await link.waitFor();
      return () => link.click(press);
    }),
    firstChanges("a menu, press to first change", { 4: 100 }, async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("menu").waitFor({ state: "detached" });
      return () => page.getByRole("button", { name: "Create", exact: true }).click(press);
    }),
    {
      name: "a page of the menu, click to its heading",
      goals: {},
      prepare: openList,
      async run(page, n) {
        const name = destinations[n % destinations.length];
        const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });
        return await timed(page, { event: "click", selector: "h1", text: name }, () => link.click());
      },
    },
  ];
}
