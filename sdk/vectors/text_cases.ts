// Texts of license files: what e-mail and editors do to them, what cannot be read, and claims that are missing.
import { type Case, fileCase, type FileGiven } from "./cases.ts";
import { fileClaims, fileWith } from "./samples.ts";

const required = Object.keys(fileClaims());

export async function textCases(): Promise<Case<FileGiven, string>[]> {
  const file = await fileWith();
  const lines = file.trim().split("\n");
  const content = lines.slice(1, -1).join("");
  const without = await Promise.all(required.map(async (name) =>
    fileCase(
      `without ${name}`,
      "All claims have to be there.",
      await fileWith({ [name]: undefined }),
      "invalid",
    )
  ));
  return [
    fileCase(
      "in an e-mail",
      "What is before and after the markers is ignored.",
      `Hello,\n\n${file}\nBye`,
      "valid",
    ),
    fileCase("with line ends of Windows", "White space is removed.", file.replaceAll("\n", "\r\n"), "valid"),
    fileCase("with blanks in its lines", "White space is removed.", file.replaceAll("\n", " \n\t"), "valid"),
    fileCase("on one line", "White space is not needed.", `${lines[0]}${content}${lines.at(-1)}`, "valid"),
    fileCase(
      "wrapped after 20 characters",
      "Lines may be of any length.",
      `${lines[0]}\n${content.replace(/.{20}/g, "$&\n")}\n${lines.at(-1)}`,
      "valid",
    ),
    fileCase(
      "two files",
      "The first one counts.",
      `${file}\n${await fileWith({ product: "other-app" })}`,
      "valid",
    ),
    fileCase(
      "of another product",
      "The product is not that of the app.",
      await fileWith({ product: "other-app" }),
      "invalid",
    ),
    fileCase("in another app", "The product is not that of the app.", file, "invalid", {
      app: { product: "other-app" },
    }),
    fileCase("empty", "There is nothing.", "", "invalid"),
    fileCase("without its markers", "It is not known where it begins.", content, "invalid"),
    fileCase("without its last line", "A part may be missing.", file.replace(lines.at(-1)!, ""), "invalid"),
    fileCase("without its first line", "A part may be missing.", file.replace(lines[0], ""), "invalid"),
    fileCase("cut in the middle", "A part is missing.", file.slice(0, 300), "invalid"),
    fileCase(
      "without a line of its middle",
      "A part is missing.",
      lines.filter((_, index) => index !== 5).join("\n"),
      "invalid",
    ),
    fileCase(
      "with its markers alone",
      "There is nothing between them.",
      `${lines[0]}\n${lines.at(-1)}\n`,
      "invalid",
    ),
    fileCase(
      "markers in the wrong order",
      "The end is before the beginning.",
      `${lines.at(-1)}\n${content}\n${lines[0]}\n`,
      "invalid",
    ),
    fileCase("too long", "A file has at most 65536 characters.", file + " ".repeat(65_536), "invalid"),
    ...without,
  ];
}
