// Whether the command palette is open.
import { createSignal } from "solid-js";

const [isPaletteOpen, openPalette] = createSignal(false);
export { isPaletteOpen, openPalette };
