// Files that the panel generates.
import { csvOptions, defuseFormula } from "../../server/domain/sheets/csv_cells.ts";
import { loadPart } from "./load_part.ts";

/** Downloads a text as a file. */
export function downloadText(name: string, text: string, type = "text/plain;charset=utf-8"): void {
  downloadBlob(name, new Blob([text], { type }));
}

/** Downloads what the panel holds as a file. */
export function downloadBlob(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has started reading the blob by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Downloads a table as a CSV file. The first row holds the headings. */
export async function downloadCsv(name: string, rows: (string | number | null)[][]): Promise<void> {
  // Loaded on demand.
  const { stringify } = await loadPart(() => import("csv-stringify/browser/esm/sync"));
  const cells = rows.map((row) => row.map((cell) => typeof cell === "string" ? defuseFormula(cell) : cell));
  const text = stringify(cells, { bom: true, ...csvOptions });
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  downloadText(`${file}.csv`, text, "text/csv;charset=utf-8");
}
