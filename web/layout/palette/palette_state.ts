// Whether the palette is open, for whoever opens it.
import { createSignal } from "solid-js";

const [isPaletteOpen, openPalette] = createSignal(false);
export { isPaletteOpen, openPalette };
