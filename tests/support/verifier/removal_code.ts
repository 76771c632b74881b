// The removal code of a file, as docs/offline.md has it.
import { createHmac } from "node:crypto";
import { decode, type Json } from "./signed.ts";

/** The code by which the activation of a file is given back. */
export function removalCode({ activation, seq, removal }: Json): string {
  const hmac = createHmac("sha256", decode(removal)).update(`removal\n${activation}\n${seq}`).digest("hex");
  const proof = BigInt(`0x${hmac.slice(0, 32)}`) << 2n;
  const digits = [activation, seq, proof].map((number) => BigInt(number).toString(32));
  const code = digits[0] + digits[1].padStart(8, "0") + digits[2].padStart(26, "0");
  const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  return code.replace(/./g, (digit) => crockford[parseInt(digit, 32)]).replace(/.{5}(?=.)/g, "$&-");
}
