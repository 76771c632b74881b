// The name under which a license file is saved: `studio-4711-front-desk.lic`.

/** Longer names of devices are cut; characters. */
const MAX_DEVICE_LENGTH = 40;

/**
 * The name of a file, of letters, digits, dots and hyphens alone, which every file system takes.
 *
 * @param of.product the product's code
 * @param of.device the device's name or fingerprint
 */
export function fileNameOf(
  { product, licenseId, device }: { product: string; licenseId: number; device: string },
): string {
  return `${plain(product)}-${licenseId}-${plain(device) || "device"}.lic`;
}

/** Accents are dropped, and what is no letter or digit becomes a hyphen. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_DEVICE_LENGTH).replace(/^-|-$/g, "");
}
