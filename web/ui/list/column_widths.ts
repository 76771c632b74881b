// The widths of a list's columns in the width that there is.

export interface FlexibleColumn {
  /** The width where there is room; pixels. */
  width: number;
  /** The width that its content needs; pixels. */
  minWidth: number;
  /** Columns of a lower priority become narrow first. */
  priority: number;
}

/**
 * The width of each column. Where there is not enough room for all of them, they become narrower, those of the lowest
 * priority first, each as far as its content allows. The sum is then larger than `available` only if not even that is enough.
 *
 * @param available pixels
 */
export function fitWidths(columns: readonly FlexibleColumn[], available: number): number[] {
  const widths = columns.map(({ width }) => width);
  let missing = sum(widths) - available;
  const priorities = [...new Set(columns.map(({ priority }) => priority))].sort((a, b) => a - b);
  for (const priority of priorities) {
    if (missing <= 0) break;
    const room = columns.map((column) =>
      column.priority === priority ? Math.max(0, column.width - column.minWidth) : 0
    );
    const total = sum(room);
    const taken = Math.min(missing, total);
    room.forEach((width, index) => widths[index] -= total > 0 ? taken * width / total : 0);
    missing -= taken;
  }
  return widths.map(Math.floor);
}

const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0);
