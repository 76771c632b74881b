// Saving a license file.
import { downloadText } from "../../lib/download.ts";

/** Downloads a license file under its name. */
export function saveFile({ name, text }: { name: string; text: string }): void {
  downloadText(name, text, "application/octet-stream");
}
