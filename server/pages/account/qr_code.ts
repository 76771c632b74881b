// A QR code as one SVG path. Always black on white, which cameras need.
import { html } from "hono/html";
import { lazy } from "../../domain/lazy.ts";

const loadCodes = lazy(() => import("uqr"));

/** The longest text of a QR code (ISO/IEC 18004); bytes. */
const MAX_LENGTH = 2953;

/** The code of a text of ASCII; null: it is too long for one. */
export async function qrCode(text: string, label: string) {
  if (text.length > MAX_LENGTH) return null;
  const { encode } = await loadCodes();
  const { data, size } = encode(text, { border: 4 });
  const path = data.flatMap((row, y) => row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : "")).join("");
  return html`
    <svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}"
      shape-rendering="crispEdges">
      <rect width="${size}" height="${size}" fill="white" />
      <path d="${path}" fill="black" />
    </svg>
  `;
}
