// Where webhooks may be sent: to public addresses, and to private ones only where the configuration allows them. An endpoint
// that could name any address would let whoever sets it up talk to machines that only we can reach.
import ipaddr from "ipaddr.js";
import { type InvalidReason, refuse } from "../errors.ts";

/** Networks that may be reached although they are not public. */
export type AllowedNetworks = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number][];

/**
 * Reads a list of addresses and networks, "10.0.0.0/8".
 *
 * @throws Error when one of them is neither
 */
export function readNetworks(texts: string[]): AllowedNetworks {
  return texts.map((text) => {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  });
}

/** The IPv6 range that IANA has allocated for global unicast. */
const globalUnicast = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];

/** Whether a connection to that address is allowed. Text that is not an address is refused. */
export function isAllowed(text: string, allowed: AllowedNetworks): boolean {
  if (!ipaddr.isValid(text) || text.includes("%")) return false;
  // An IPv4-mapped IPv6 address is converted to IPv4.
  const address = ipaddr.process(text);
  const listed = allowed.some(([network, bits]) =>
    network.kind() === address.kind() && address.match(network as never, bits)
  );
  if (listed) return true;
  // Private, local, tunnel and reserved ranges.
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || (address as ipaddr.IPv6).match(globalUnicast);
}

/** The host of a URL if it is an address, as the URL standard reads it ("0x7f.1" is 127.0.0.1); null for a name. */
export function addressIn(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(host) ? host : null;
}

/**
 * Reads the URL of an endpoint. Host names are resolved for every request.
 *
 * @throws DomainError `INVALID_REQUEST` naming `url`
 */
export function readWebhookUrl(text: string, allowed: AllowedNetworks): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol) || text.length > 2000) {
    refuseUrl("not_a_url");
  }
  if (url.username || url.password) {
    refuseUrl("credentials_in_url");
  }
  const address = addressIn(url);
  if (address !== null && !isAllowed(address, allowed)) {
    refuseUrl("address_not_allowed");
  }
  url.hash = "";
  return url.href;
}

function refuseUrl(reason: InvalidReason): never {
  refuse("INVALID_REQUEST", { field: "url", reason });
}
