// Encrypted license files as the server makes them, with any header.
import { Buffer } from "node:buffer";
import { createCipheriv, hkdfSync } from "node:crypto";
import { armour } from "../../server/domain/license_files/armour.ts";
import type { Claims } from "../../server/domain/signing/jws.ts";
import { FINGERPRINT, LICENSE_KEY, SALT } from "./samples.ts";
import { encode } from "./signer.ts";

/** An encrypted license file. Its salt and nonce are fixed, unlike the server's. */
export function encrypted(
  jws: string,
  { licenseKey = LICENSE_KEY, fingerprint = FINGERPRINT, header = {}, nonceLength = 12 }: {
    licenseKey?: string;
    fingerprint?: string;
    header?: Claims;
    nonceLength?: number;
  } = {},
): string {
  const head = encode({
    alg: "dir",
    enc: "A256GCM",
    typ: "license-file+jwe",
    cty: "license-file+jwt",
    salt: SALT,
    ...header,
  });
  const salt = Buffer.from(SALT, "base64url");
  const key = new Uint8Array(
    hkdfSync("sha256", `${licenseKey}\n${fingerprint}`, salt, "latchkey license file", 32),
  );
  const nonce = new Uint8Array(nonceLength).fill(7);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(new TextEncoder().encode(head));
  const content = Buffer.concat([cipher.update(jws, "utf8"), cipher.final()]);
  const parts = [Buffer.from(nonce), content, cipher.getAuthTag()];
  return armour([head, "", ...parts.map((part) => part.toString("base64url"))].join("."));
}
