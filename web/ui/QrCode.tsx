// A QR code as one SVG path. Always black on white, which cameras need.
import { encode } from "uqr";
import { createMemo } from "solid-js";

/** The longest text of a QR code; bytes. */
export const MAX_QR_LENGTH = 2953;

/**
 * @param props.text at most `MAX_QR_LENGTH` bytes
 * @param props.isLong whether it is a long text, whose code is as wide as its place
 */
export function QrCode(props: { text: string; label: string; isLong?: boolean }) {
  const code = createMemo(() => encode(props.text, { border: 4 }));
  const path = () =>
    code().data.flatMap((row, y) => row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : "")).join("");
  return (
    <svg
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${code().size} ${code().size}`}
      class={`${props.isLong ? "w-full max-w-md" : "size-48"} shrink-0 rounded-md border border-line`}
      shape-rendering="crispEdges"
    >
      <rect width={code().size} height={code().size} fill="white" />
      <path d={path()} fill="black" />
    </svg>
  );
}
