// The browser's language. Chromium on a Linux machine without a locale reports "en-US@posix", which is no language tag
// (RFC 5646): Intl refuses it, and with it uPlot, which formats numbers in it.

/** Replaces a language that is no tag by the one that Intl uses. Call it before uPlot is loaded. */
export function repairBrowserLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    const { locale } = new Intl.NumberFormat().resolvedOptions();
    Object.defineProperty(navigator, "language", { value: locale, configurable: true });
  }
}
