// A software authenticator: creates a passkey and signs challenges with it (Web Authentication, Level 3; ES256,
// attestation "none").
import { Buffer } from "node:buffer";
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data).digest();
const url = (data: Uint8Array) => Buffer.from(data).toString("base64url");

export function createAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  const id = randomBytes(16);
  let counter = 0;
  // Flags: user present, user verified; 0x40 is "attested credential data included".
  const authenticatorData = (flags: number, more = Buffer.alloc(0)) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++counter);
    return Buffer.concat([sha256(new URL(origin).hostname), Buffer.from([flags]), count, more]);
  };
  const clientData = (type: string, challenge: string, from: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }));

  return {
    make(challenge: string, from = origin) {
      const key = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(jwk.x!, "base64url"))],
        [-3, new Uint8Array(Buffer.from(jwk.y!, "base64url"))],
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(key)]);
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ["fmt", "none"],
          ["attStmt", new Map()],
          ["authData", new Uint8Array(authenticatorData(0x45, credential))],
        ]) as never,
      );
      return {
        id: url(id),
        rawId: url(id),
        type: "public-key" as const,
        clientExtensionResults: {},
        response: {
          clientDataJSON: url(clientData("webauthn.create", challenge, from)),
          attestationObject: url(attestation),
        },
      };
    },
    sign(challenge: string, from = origin) {
      const data = authenticatorData(0x05);
      const client = clientData("webauthn.get", challenge, from);
      const signature = createSign("sha256").update(Buffer.concat([data, sha256(client)])).sign(privateKey);
      return {
        id: url(id),
        rawId: url(id),
        type: "public-key" as const,
        clientExtensionResults: {},
        response: {
          clientDataJSON: url(client),
          authenticatorData: url(data),
          signature: url(signature),
        },
      };
    },
  };
}
