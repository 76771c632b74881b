// The number of licenses of a product or plan, and when it was counted.
import { formatAgo, formatNumber } from "../../lib/format.ts";

export function CountedLicenses(props: { licenses: number; licensesCountedAt: string | Date | null }) {
  const counted = () => props.licensesCountedAt && `Updated ${formatAgo(props.licensesCountedAt)}`;
  return <span title={counted() ?? undefined}>{formatNumber(props.licenses)}</span>;
}
