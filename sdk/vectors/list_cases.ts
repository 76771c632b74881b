// Status lists that are forged, damaged or no lists: they are refused, and the file counts as not revoked.
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { type FileCase, fileCase } from "./cases.ts";
import { DAY, fileClaims, fileWith, ISSUED, statusList } from "./samples.ts";
import { encode, foreignKey, productKey, signed } from "./signer.ts";

const now = ISSUED + DAY;

/** Zeros, compressed: one byte more than a list may have, and 1 MB. */
const TOO_LONG = "eNrtwTEBAAAAwqD1T20MH6AAAAAAAAAAAAAAAAAAAACAuwFAAQAB";
const MEGABYTE = `eNrtwTEBAAAAwqD1T20IX6${"A".repeat(1352)}D4DAPAAAQ`;

export async function listCases(): Promise<Promise<FileCase>[]> {
  const file = await fileWith();
  /** A list that would revoke the file is refused, for this reason. */
  const refused = async (name: string, reason: string, refusal: string, list: Promise<string> | string) => ({
    ...await fileCase(name, reason, file, "valid", { now, lists: [await list] }),
    lists: [refusal],
  });
  const malformed = (name: string, reason: string, list: Promise<string> | string) =>
    refused(name, reason, "malformed", list);
  const replaced = (name: string, reason: string, replaced: Record<string, unknown>) =>
    malformed(name, reason, statusList([9], { replaced }));
  const withList = (name: string, reason: string, list: Record<string, unknown>) =>
    replaced(name, reason, { status_list: { bits: 1, lst: lstOf(), ...list } });
  const headed = (name: string, reason: string, refusal: string, header: Record<string, unknown>) =>
    refused(name, reason, refusal, statusList([9], { header }));
  const list = await statusList([9]);
  const [head, payload, signature] = list.split(".");
  const bytes = Buffer.from(lstOf(), "base64url");
  const withBytes = (name: string, reason: string, bytes: Uint8Array) =>
    withList(name, reason, { lst: Buffer.from(bytes).toString("base64url") });
  return [
    headed("a list by another vendor", "Its key is not known.", "unknown_key", {
      kid: foreignKey.publicKey.kid,
    }),
    refused(
      "a list by another key under the product's kid",
      "The signature is another key's.",
      "wrong_signature",
      statusList([9], { key: foreignKey, header: { kid: productKey.publicKey.kid } }),
    ),
    refused(
      "an edited list",
      "The signature is that of other claims.",
      "wrong_signature",
      `${head}.${
        encode({ ...JSON.parse(Buffer.from(payload, "base64url").toString()), ttl: 1 })
      }.${signature}`,
    ),
    refused(
      "a license file",
      "One kind of statement is not another.",
      "wrong_type",
      signed("license-file+jwt", fileClaims()),
    ),
    headed("a list of another typ", "It is no status list.", "wrong_type", { typ: "JWT" }),
    headed("a list of another algorithm", "It is not known.", "wrong_algorithm", { alg: "HS256" }),
    refused("a list without a signature", "It is not signed.", "wrong_signature", `${head}.${payload}.`),
    headed("a list with crit", "It asks for what is not known.", "malformed", { crit: ["x"], x: 1 }),
    malformed("an empty text", "It is no list.", ""),
    malformed("a text that is no list", "It is no list.", "a.b.c"),
    malformed("a list with markers", "Lists have none.", `-----BEGIN LATCHKEY LICENSE-----\n${list}`),
    malformed("a list that is too long", "A list has at most 65536 bytes.", "x".repeat(65_537)),
    malformed(
      "a good list that is too long",
      "A list has at most 65536 bytes.",
      statusList([9], { replaced: { x: "x".repeat(50_000) } }),
    ),
    ...[50, 100, 200, 300].map((length) =>
      malformed(`a list that was cut off after ${length} bytes`, "A part is missing.", list.slice(0, length))
    ),
    ...["sub", "iat", "exp", "ttl", "status_list"].map((name) =>
      replaced(`a list without ${name}`, "All claims have to be there.", { [name]: undefined })
    ),
    replaced("a list with a number as sub", "It is a text.", { sub: 1 }),
    ...[null, "1", -1, 1.5, 253_402_300_800].map((iat) =>
      replaced(`a list with iat ${JSON.stringify(iat)}`, "It is a time.", { iat })
    ),
    ...[null, "1", -1].map((ttl) =>
      replaced(`a list with ttl ${JSON.stringify(ttl)}`, "It is a number.", { ttl })
    ),
    ...[0, 2, 4, 8, "1", null, true].map((bits) =>
      withList(`a list of ${JSON.stringify(bits)} bits`, "A list has one bit for each file.", { bits })
    ),
    ...[null, 1, "", "a+b=", []].map((lst) =>
      withList(`a list of ${JSON.stringify(lst)}`, "It is no compressed text.", { lst })
    ),
    withList("a list without lst", "All claims have to be there.", { lst: undefined }),
    withList("a list that decompresses to 16385 bytes", "That is one too many.", { lst: TOO_LONG }),
    withList("a list that decompresses to 1 MB", "It is not decompressed as a whole.", { lst: MEGABYTE }),
    withBytes("a list that is cut off where it is compressed", "A part is missing.", bytes.subarray(0, -6)),
    withBytes("a list that is cut off before its checksum", "A part is missing.", bytes.subarray(0, -4)),
    withBytes(
      "a list with a wrong checksum",
      "It is damaged.",
      bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1),
    ),
    withBytes(
      "a list with a byte after its end",
      "Nothing may follow it.",
      Buffer.concat([bytes, Buffer.of(0)]),
    ),
    withBytes("a list that is not compressed", "It is no zlib.", new Uint8Array(128).fill(255)),
    withBytes("a list that is compressed without a header", "It is no zlib.", bytes.subarray(2)),
  ];
}

/** Index 9 of 1024 set; stored, not compressed, so that its text is the same with any zlib. */
function lstOf(): string {
  return deflateSync(new Uint8Array(128).with(1, 2), { level: 0 }).toString("base64url");
}
