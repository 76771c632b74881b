// Texts of license files: what e-mail and editors do to them, and what is no license file.
import { armour } from "../../server/domain/license_files/armour.ts";
import { type FileCase, fileCase } from "./cases.ts";
import { fileClaims, fileWith } from "./samples.ts";
import { foreignKey, productKey, signed, signedWithHeader } from "./signer.ts";

const BEGIN = "-----BEGIN LATCHKEY LICENSE-----", END = "-----END LATCHKEY LICENSE-----";
const LONGEST = 65_536;

export async function textCases(): Promise<Promise<FileCase>[]> {
  const file = await fileWith();
  const lines = file.trim().split("\n");
  const content = lines.slice(1, -1).join("");
  const [head, payload, signature] = content.split(".");
  const foreign = await fileWith({}, { key: foreignKey });
  const good = (name: string, reason: string, text: string) => fileCase(name, reason, text, "valid");
  const bad = (name: string, reason: string, text: string, result = "malformed") =>
    fileCase(name, reason, text, result);
  const part = (name: string, reason: string, text: string, result = "malformed") =>
    bad(name, reason, armour(text), result);
  const blank = "Only blanks, tabs, carriage returns and line feeds are left out.";
  return [
    good("as it is", "The server writes it so.", file),
    good(
      "in an e-mail",
      "What is before and after the markers is ignored.",
      `Hello Zoë,\n\n${file}\nBye – 再见`,
    ),
    good("without its last line break", "The marker ends it.", file.trimEnd()),
    good("with line ends of Windows", "Line ends are left out.", file.replaceAll("\n", "\r\n")),
    good("with carriage returns", "Line ends are left out.", file.replaceAll("\n", "\r")),
    good("with blanks in its lines", "Blanks and tabs are left out.", file.replaceAll("\n", " \n\t")),
    good("on one line", "Line ends are not needed.", `${BEGIN}${content}${END}`),
    good(
      "wrapped after 20 characters",
      "Lines may be of any length.",
      `${BEGIN}\n${content.replace(/.{20}/g, "$&\n")}\n${END}`,
    ),
    good("with a byte order mark before it", "It is before the marker.", `\ufeff${file}`),
    good("two files", "The first one counts.", `${file}\n${foreign}`),
    bad(
      "two files, of which the first is wrong",
      "The first one counts.",
      `${foreign}${file}`,
      "unknown_key",
    ),
    good("an end before its beginning", "It is before the marker.", `${END}\n${file}`),
    good("of 65536 bytes", "That is the longest.", file + "x".repeat(LONGEST - file.length)),
    bad("of 65537 bytes", "It is too long.", file + "x".repeat(LONGEST + 1 - file.length)),
    bad(
      "of 65536 characters, which are more bytes",
      "Bytes of UTF-8 are counted.",
      `ü${file}${"x".repeat(LONGEST - 1 - file.length)}`,
    ),
    bad("of 70000 bytes between its markers", "It is too long.", `${BEGIN}\n${"A".repeat(70_000)}\n${END}`),
    bad("empty", "There is nothing.", ""),
    bad("with its markers alone", "There is nothing between them.", `${BEGIN}\n${END}\n`),
    bad("without its markers", "It is not known where it begins.", content),
    bad("without its last line", "A part may be missing.", file.replace(END, "")),
    bad("without its last dash", "The marker is another text.", file.trimEnd().slice(0, -1)),
    bad("without its first line", "A part may be missing.", file.replace(BEGIN, "")),
    bad("without a line of its middle", "A part is missing.", lines.toSpliced(5, 1).join("\n")),
    ...Array.from(
      { length: Math.floor(file.length / 100) },
      (_, index) =>
        bad(`cut off after ${index * 100} bytes`, "A part is missing.", file.slice(0, index * 100)),
    ),
    bad("markers in the wrong order", "The end is before the beginning.", `${END}\n${content}\n${BEGIN}\n`),
    bad("two beginnings", "The second one is no base64url.", file.replace(BEGIN, `${BEGIN}\n${BEGIN}`)),
    bad("in one that was cut off", "The first beginning counts.", `${file.slice(0, 200)}\n${file}`),
    bad(
      "with markers of another thing",
      "It is no license file.",
      file.replaceAll("LATCHKEY LICENSE", "CERTIFICATE"),
    ),
    bad("with markers in lower case", "Markers have their case.", file.replace(BEGIN, BEGIN.toLowerCase())),
    bad(
      "quoted by a mail program",
      "The marks of quotation are no base64url.",
      file.replaceAll("\n", "\n> "),
    ),
    bad("with a byte order mark inside", blank, file.replace("\n", "\n\ufeff")),
    bad("with a no-break space", blank, file.replace("\n", "\n\u00a0")),
    bad("with a line separator", blank, file.replace("\n", "\n\u2028")),
    bad("with a form feed", blank, file.replace("\n", "\n\f")),
    bad("with a vertical tab", blank, file.replace("\n", "\n\v")),
    bad("with a zero byte", blank, file.replace("\n", "\n\0")),
    ...[1, 2, 4, 6, 7].map((count) =>
      part(
        `of ${count} parts`,
        "A JWS has three, a JWE five.",
        Array.from({ length: count }, (_, index) => [head, payload][index] ?? signature).join("."),
      )
    ),
    part("of two dots", "Header and payload are no JSON.", ".."),
    part("of four dots", "The header is no JSON.", "...."),
    part("with padding", "base64url is without padding.", `${content}==`),
    part("with padding of the header", "base64url is without padding.", `${head}=.${payload}.${signature}`),
    part(
      "base64 instead of base64url",
      "The characters + and / are none of base64url.",
      `${head}.${payload}.+/${signature.slice(2)}`,
    ),
    part("with one character too many", "No bytes have such a length.", `${content}AAA`),
    part(
      "with last bits that are not 0",
      "The text is not what its bytes are encoded as.",
      `${content.slice(0, -1)}${nextOf(content.at(-1)!)}`,
    ),
    bad(
      "of another product",
      "The product is not that of the app.",
      await fileWith({ product: "other-app" }),
      "other_product",
    ),
    bad(
      "with the product in capitals",
      "Codes are compared as they are.",
      await fileWith({ product: "Painter" }),
      "other_product",
    ),
    fileCase("in another app", "The product is not that of the app.", file, "other_product", {
      app: { product: "other-app" },
    }),
    bad(
      "a validation",
      "One kind of statement is not another.",
      armour(await signed("license-validation+jwt", fileClaims())),
      "wrong_type",
    ),
    good(
      "written by another program",
      "Members of the header may be in another order.",
      armour(
        signedWithHeader({ typ: "license-file+jwt", kid: productKey.publicKey.kid, alg: "Ed25519" }, payload),
      ),
    ),
  ];
}

/** The next character of base64url, whose last bit differs. */
function nextOf(character: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(character) ^ 1];
}
