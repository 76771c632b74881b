// The text of a workbook's cell: what Excel shows, except that dates and times are ISO 8601 and no digit is lost.
import { type CellObject, SSF } from "@e965/xlsx";

/** Days from 1900-01-00 to 1904-01-00: workbooks of old Macs count from there. */
const DAYS_TO_1904 = 1462;
/** 9999-12-31. */
const LAST_DAY = 2_958_465;

export function cellText({ t, v, z }: CellObject, date1904: boolean): string {
  switch (t) {
    case "n":
      return numberText(Number(v), typeof z === "string" ? z : "General", date1904);
    case "b":
      return v ? "TRUE" : "FALSE";
    case "d":
      return v instanceof Date
        ? v.toISOString().slice(0, 16).replace("T", " ").replace(" 00:00", "")
        : String(v);
    case "s":
      return String(v ?? "");
    default:
      return "";
  }
}

function numberText(value: number, format: string, date1904: boolean): string {
  if (!Number.isFinite(value)) return "";
  if (SSF.is_date(format) && !/\[[hms]+\]/i.test(format)) {
    const text = dateText(value + (date1904 ? DAYS_TO_1904 : 0), format);
    if (text !== null) return text;
  }
  if (format === "General" || format === "@") return plainNumber(value);
  try {
    return String(SSF.format(format, value, { date1904 }));
  } catch {
    return plainNumber(value);
  }
}

/** A date, a time or both, as the format shows them; null outside of what is a date. */
function dateText(serial: number, format: string): string | null {
  if (serial < 0 || serial >= LAST_DAY + 1) return null;
  const seconds = Math.round(serial * 86_400);
  const rest = seconds % 86_400;
  // 1900 has a February 29 in Excel, as in Lotus 1-2-3; the library knows.
  const { y, m, d } = SSF.parse_date_code(Math.floor(seconds / 86_400));
  const date = [String(y).padStart(4, "0"), ...[m, d].map((part) => String(part).padStart(2, "0"))].join("-");
  const time = new Date(rest * 1000).toISOString().slice(11, rest % 60 === 0 ? 16 : 19);
  const codes = format.split(";")[0].replace(/"[^"]*"|\\.|\[[^\]]*\]|AM\/PM|A\/P/gi, "");
  const hasTime = /[hs]/i.test(codes);
  const hasDate = /[ydg]/i.test(codes) || (/m/i.test(codes) && !hasTime);
  if (!hasDate) return time;
  if (d === 0) return null;
  return hasTime ? `${date} ${time}` : date;
}

/** A number with the 15 digits Excel has, without an exponent. */
function plainNumber(value: number): string {
  const rounded = Number(value.toPrecision(15));
  const text = String(rounded);
  if (!text.includes("e")) return text;
  if (Math.abs(rounded) >= 1) return BigInt(rounded).toString();
  return rounded.toFixed(20).replace(/\.?0+$/, "") || "0";
}
