// Values of options: numbers, lists, JSON, times and durations as people type them.
import { InvalidArgumentError } from "commander";

/** A whole number from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It is a whole number.");
  return Number(text);
}

/** `a,b`; an option that is repeated adds to it. */
export function list(text: string, before: unknown): string[] {
  const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
  return [...(Array.isArray(before) ? before : []), ...parts];
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("It is JSON.");
  }
}

/** `name=value`, where a value that is JSON counts as such; options that are repeated add up. */
export function assignment(text: string, before: unknown): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It is name=value.");
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  return { ...before as object, [name]: parsed(value) };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `10m`, `2h` or `7d` ago, or a time such as 2026-03-31T12:00:00Z. */
export function timeOrAge(text: string): Date {
  const [, amount, unit] = text.match(/^(\d{1,9})([smhd])$/) ?? [];
  const time = unit ? Date.now() - Number(amount) * units[unit] : Date.parse(text);
  if (!Number.isFinite(time)) {
    throw new InvalidArgumentError("It is 90s, 10m, 2h, 7d or 2026-03-31T12:00:00Z.");
  }
  return new Date(time);
}
