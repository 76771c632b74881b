// The network of an IP address. Anomaly detection counts networks; the full address is personal data and is not stored.
import ipaddr from "ipaddr.js";

/** The network of an address, "203.0.113.0/24" or "2001:db8:1::/48"; null when it is no address. */
export function networkOf(text: string): string | null {
  const bare = text.replace(/\/\d+$/, "");
  if (!ipaddr.isValid(bare)) return null;
  const address = ipaddr.process(bare);
  if (address.kind() === "ipv4") return `${address.toByteArray().slice(0, 3).join(".")}.0/24`;
  const parts = (address as ipaddr.IPv6).parts.slice(0, 3).map((part) => part.toString(16));
  return `${parts.join(":")}::/48`;
}
