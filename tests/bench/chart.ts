// The chart of `docs/performance.md`, drawn from the figures of a run: CPU time a request of each subject, beside that of its
// yardstick.
import type { Figures, MeasuredSubject } from "./report.ts";

const NAME = 150;
const BARS = 460;
const ROW = 34;
const HEAD = 44;
const WIDTH = NAME + BARS + 90;
const colours = { subject: "#2563eb", yardstick: "#94a3b8", text: "#64748b" };

/** An SVG image that is readable on a light and on a dark page. */
export function drawChart(
  { subjects, machine, deno, at }: Pick<Figures, "subjects" | "machine" | "deno" | "at">,
): string {
  // A password hash takes a thousand times as long as anything else.
  const shown = subjects.filter(({ against }) => against.every(({ yardstick }) => yardstick !== "hash"));
  const longest = Math.max(...shown.flatMap((each) => [each.round.cpu, each.against[0].round.cpu]));
  const parts: string[] = [];
  let y = 10;
  for (const listener of new Set(shown.map((each) => each.listener))) {
    parts.push(text(0, y + 18, `${listener} listener`, 'font-weight="bold"'));
    y += HEAD - 14;
    for (const subject of shown.filter((each) => each.listener === listener)) {
      parts.push(drawSubject(subject, y, BARS / longest));
      y += ROW;
    }
    y += 12;
  }
  parts.push(
    text(
      0,
      y + 12,
      "CPU time of the server process a request, µs (blue), and of the yardstick it is compared with (grey).",
    ),
    text(0, y + 28, `${machine}, Deno ${deno}, ${at.slice(0, 10)}`),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${
    y + 40
  }" width="${WIDTH}" role="img" ` +
    `font-family="system-ui, sans-serif" font-size="12" fill="${colours.text}">\n` +
    `<title>CPU time a request</title>\n${parts.join("\n")}\n</svg>\n`;
}

function drawSubject({ name, round, against: [first] }: MeasuredSubject, y: number, scale: number): string {
  return [
    text(NAME - 10, y + 15, name, 'text-anchor="end"'),
    bar(y, 13, round.cpu * scale, colours.subject),
    text(NAME + round.cpu * scale + 6, y + 11, `${round.cpu.toFixed(0)} µs`),
    bar(y + 14, 8, first.round.cpu * scale, colours.yardstick),
    text(
      NAME + first.round.cpu * scale + 6,
      y + 22,
      `${first.yardstick} ${first.round.cpu.toFixed(0)}`,
      'font-size="10"',
    ),
  ].join("\n");
}

function bar(y: number, height: number, width: number, colour: string): string {
  return `<rect x="${NAME}" y="${y}" width="${
    width.toFixed(1)
  }" height="${height}" rx="2" fill="${colour}"/>`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}"${attributes ? ` ${attributes}` : ""}>${escaped}</text>`;
}
