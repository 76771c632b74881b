// The address a request comes from: the peer's, unless the peer is a trusted proxy; then the nearest address in
// X-Forwarded-For that is not a trusted proxy itself.
import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

type Network = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/**
 * Returns the function that finds a request's address.
 *
 * @param trusted addresses and networks ("10.0.0.0/8") of proxies
 * @throws Error when one of them is not an address
 */
export function createAddressFinder(trusted: string[]): (peer: string, forwarded: string | null) => string {
  const proxies: Network[] = trusted.map((text) => {
    const [address, bits] = text.includes("/") ? ipaddr.parseCIDR(text) : [ipaddr.process(text), 128];
    return [address, Math.min(bits, address.kind() === "ipv4" ? 32 : 128)];
  });
  const isProxy = (address: ipaddr.IPv4 | ipaddr.IPv6) =>
    proxies.some(([network, bits]) =>
      network.kind() === address.kind() && address.match(network as never, bits)
    );

  const peers = new LRUCache<string, string>({ max: 10_000 });
  const ofPeer = (peer: string) => {
    let known = peers.get(peer);
    if (known === undefined) peers.set(peer, known = subject(read(peer), peer));
    return known;
  };

  return (peer, forwarded) => {
    if (proxies.length === 0 || !forwarded) return ofPeer(peer);
    let nearest = read(peer);
    if (!nearest) return ofPeer(peer);
    for (const hop of forwarded.split(",").reverse()) {
      if (!isProxy(nearest)) break;
      const address = read(hop.trim());
      // The client can write anything there; then the nearest trusted proxy's address is used.
      if (!address) break;
      nearest = address;
    }
    return subject(nearest, peer);
  };
}

/** An address without its port and brackets; IPv4 also when written as IPv6. */
function read(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = text.replace(/^\[(.*)\](?::\d+)?$/, "$1").replace(/^(\d+(?:\.\d+){3}):\d+$/, "$1");
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

/** A subscriber of IPv6 has a network of 2^64 addresses, so limits count its /64. */
function subject(address: ipaddr.IPv4 | ipaddr.IPv6 | null, peer: string): string {
  if (!address) return peer;
  if (address.kind() === "ipv4") return address.toString();
  return `${(address as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16)).join(":")}::/64`;
}
