// Files that the panel makes itself, out of what it shows.

/** Hands over a table as a CSV file; the first row are its headings. */
export async function downloadCsv(name: string, rows: (string | number | null)[][]): Promise<void> {
  // Fetched when somebody wants it.
  const { stringify } = await import("csv-stringify/browser/esm/sync");
  const text = stringify(rows, { bom: true, record_delimiter: "windows", escape_formulas: true });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.csv`;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
