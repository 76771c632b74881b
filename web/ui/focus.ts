// Where the focus goes when its element disappears, a dialog closes or the page changes. One observer serves every dialog,
// menu, toast and action, so that none of them needs code of its own.
import { createSignal, onCleanup, onMount } from "solid-js";

/** What can have the focus. */
const focusable = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), " +
  "textarea:not(:disabled), summary, [tabindex]:not([data-focus-trap])";

/** Parts of a page that the focus leaves only for the element that had it before. */
const boundary = "main, nav, [role=dialog], [role=menu], [role=listbox], body";

/** Fields of a dialog's form. */
const field = "input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled)";

/** An element that had the focus, and where it was. */
interface Place {
  element: HTMLElement;
  name: string;
  /** Its ancestors up to the next boundary, with the number of elements before it that Tab reaches in each. */
  ancestors: { element: HTMLElement; index: number }[];
  isInDialog: boolean;
  /** Whether it is a notification's, above everything else. */
  isOnTop: boolean;
}

/** Marks the content of a `Modal`. */
export const MODAL = "data-modal";

/** Frames until what a dialog covered is no longer hidden from screen readers. */
const MAX_HIDDEN_FRAMES = 10;

/** Remembered places; a dialog that was opened from a menu in another dialog needs four. */
const MAX_PLACES = 12;

/** The last one is the newest. */
let places: Place[] = [];

/** Whether the focus was taken from an element that is still there, by a click beside it. */
let isAway = false;

const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

const nameOf = (element: HTMLElement) => element.ariaLabel ?? element.textContent ?? "";

/** The open dialog that is above all others. */
const topModal = () => [...document.querySelectorAll(`[${MODAL}][data-expanded]`)].at(-1);

/** Whether an element is shown and not behind a dialog. */
function isReachable(element: HTMLElement): boolean {
  const modal = topModal();
  return element.isConnected && element.getClientRects().length > 0 && element.closest("[inert]") === null &&
    (!modal || modal.contains(element) || element.closest("[data-kb-top-layer]") !== null);
}

const focusablesIn = (element: HTMLElement) => [...element.querySelectorAll<HTMLElement>(focusable)];

function placeOf(element: HTMLElement): Place {
  const around: HTMLElement[] = [];
  const isOnTop = element.closest("[data-kb-top-layer]") !== null;
  let next = isOnTop || element.matches(boundary) ? null : element.parentElement;
  for (; next; next = next.parentElement) {
    around.push(next);
    if (next.matches(boundary)) break;
  }
  const outermost = around.at(-1);
  const before = (outermost ? focusablesIn(outermost) : []).filter((other) =>
    other.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING && other.tabIndex >= 0
  );
  const ancestors = around.map((ancestor) => ({
    element: ancestor,
    index: before.filter((other) => ancestor.contains(other)).length,
  }));
  const isInDialog = element.closest("[role=dialog]") !== null;
  return { element, name: nameOf(element), ancestors, isInDialog, isOnTop };
}

function remember(element: HTMLElement): void {
  places = [...places.filter((place) => place.element !== element), placeOf(element)].slice(-MAX_PLACES);
}

/** What stands where an element was: the one of the same name, or else the next. */
function successorOf({ ancestors, name, element: { tagName } }: Place): HTMLElement | null {
  for (const { element, index } of ancestors) {
    if (!isReachable(element)) continue;
    const found = focusablesIn(element).filter(isReachable);
    const same = found.filter((other) => other.tagName === tagName && nameOf(other) === name);
    if (same.length === 1) return same[0];
    const stops = found.filter(({ tabIndex }) => tabIndex >= 0);
    if (stops.length > 0) return stops[Math.min(index, stops.length - 1)];
    // A page that is loading.
    if (element.matches("main, [role=dialog]")) return element;
  }
  return null;
}

/** Leads the focus back to the newest place that is still there, if nothing has the focus. */
export function returnFocus(): void {
  // The focus trap of a dialog takes the focus back until its effects have ended.
  setTimeout(() => focusNewestPlace(MAX_HIDDEN_FRAMES));
}

function focusNewestPlace(maxFrames: number): void {
  if (!isNowhere()) return;
  // From a notification, after an undo for example, it goes back to the page and not to the next notification.
  const isFromTop = places.at(-1)?.isOnTop;
  for (const place of places.filter(({ isOnTop }) => !isFromTop || !isOnTop).toReversed()) {
    const element = isReachable(place.element) ? place.element : successorOf(place);
    if (element?.closest("[aria-hidden=true]") && maxFrames > 0) {
      requestAnimationFrame(() => focusNewestPlace(maxFrames - 1));
      return;
    }
    element?.focus();
    if (!isNowhere()) return;
  }
  (document.querySelector<HTMLElement>("h1[tabindex]") ?? document.querySelector<HTMLElement>("main"))
    ?.focus();
}

/** Keeps the focus from falling to the document, for as long as the calling component exists. */
export function keepFocus(): void {
  function handleFocusIn({ target }: FocusEvent): void {
    isAway = false;
    if (target instanceof HTMLElement && target.matches(focusable)) remember(target);
  }
  function handleFocusOut({ target }: FocusEvent): void {
    queueMicrotask(() => {
      if (isNowhere() && target instanceof HTMLElement && target.isConnected) isAway = true;
    });
  }
  // Some browsers do not focus a button that is clicked; and what is around it may have changed since it was focused.
  function handleClick({ target }: MouseEvent): void {
    const element = target instanceof Element ? target.closest<HTMLElement>(focusable) : null;
    if (element && isReachable(element)) remember(element);
  }
  const isLost = () => {
    const place = places.at(-1);
    return place && isNowhere() && !place.element.isConnected && (!isAway || place.isInDialog);
  };
  const observer = new MutationObserver(() => isLost() && returnFocus());
  onMount(() => {
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", handleFocusIn);
    document.addEventListener("focusout", handleFocusOut);
    document.addEventListener("click", handleClick, true);
  });
  onCleanup(() => {
    observer.disconnect();
    document.removeEventListener("focusin", handleFocusIn);
    document.removeEventListener("focusout", handleFocusOut);
    document.removeEventListener("click", handleClick, true);
    places = [];
  });
}

/** Focuses the first field of a dialog, or its content when it has none. `autofocus` marks another field. */
export function focusFirstField(dialog: HTMLElement): void {
  const first = dialog.querySelector<HTMLElement>("[autofocus]") ??
    [...dialog.querySelectorAll<HTMLElement>(field)].find(isReachable) ??
    dialog.querySelector<HTMLElement>("[role=group][tabindex]") ?? dialog;
  first.focus();
}

const [announcement, announce] = createSignal("");
/** The title of the page that was opened last, for screen readers. */
export { announcement };

/** How long an announcement stays, so that it is not read again at the end of a page; milliseconds. */
const ANNOUNCEMENT_MS = 1000;

let shownPath: string | null = null;

/**
 * Moves the focus to the heading of a page and announces its title, if another page was shown before.
 *
 * @param heading an element with `tabindex="-1"`
 */
export function enterPage(path: string, title: string, heading: HTMLElement): void {
  const isOther = shownPath !== null && shownPath !== path;
  shownPath = path;
  if (!isOther) return;
  places = places.filter(({ element }) => element.isConnected);
  // The router scrolls.
  heading.focus({ preventScroll: true });
  announce(title);
  setTimeout(() => announce(""), ANNOUNCEMENT_MS);
}
