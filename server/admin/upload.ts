// Files that are sent along, as a form's or as the body itself, read piece by piece and never longer than they may be;
// and the fields of the form that go before the file.
import { Busboy } from "@fastify/busboy";
import { Readable } from "node:stream";
import { refuseInput, RequestError } from "../request/request_error.ts";

const MOST_BYTES = 50 * 1024 * 1024;
const MOST_FIELD_BYTES = 64 * 1024;

export interface Upload {
  /** The fields that precede the file in the form. */
  fields: Map<string, string>;
  /**
   * The file, piece by piece.
   *
   * @throws DomainError `INVALID_REQUEST` when there is none, `PAYLOAD_TOO_LARGE` beyond 50 MiB
   */
  pieces: AsyncGenerator<Uint8Array>;
}

/**
 * Opens what a request brings.
 *
 * @throws DomainError `INVALID_REQUEST` when it brings no file
 */
export async function openUpload(request: Request): Promise<Upload> {
  if (!request.body) refuseNoFile();
  const type = request.headers.get("content-type") ?? "";
  const body = Readable.fromWeb(request.body as never);
  if (!type.startsWith("multipart/form-data")) return { fields: new Map(), pieces: measured(body) };
  const { fields, file } = await openForm(body, type);
  return { fields, pieces: measured(file) };
}

async function* measured(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MOST_BYTES) throw new RequestError("PAYLOAD_TOO_LARGE", { maxBytes: MOST_BYTES });
    yield piece;
  }
  if (size === 0) refuseNoFile();
}

/** The first file of a form, whatever its field is called, and the fields before it. */
async function openForm(body: Readable, type: string) {
  let busboy: InstanceType<typeof Busboy>;
  try {
    busboy = new Busboy({
      headers: { "content-type": type },
      limits: { files: 1, fields: 20, fieldSize: MOST_FIELD_BYTES },
    });
  } catch {
    refuseNoFile();
  }
  const fields = new Map<string, string>();
  let begun = false;
  let late: string | null = null;
  busboy.on("field", (name: string, value: string) => {
    if (begun) late ??= name;
    fields.set(name, value);
  });
  const finished = new Promise<void>((resolve, reject) => {
    busboy.on("finish", resolve);
    busboy.on("error", reject);
    body.on("error", reject);
  });
  const found = new Promise<Readable | null>((resolve, reject) => {
    busboy.on("file", (_name: string, file: Readable) => {
      begun = true;
      resolve(file);
    });
    finished.then(() => resolve(null), reject);
  });
  body.pipe(busboy);
  const file = await found.catch(() => refuseNoFile());
  if (!file) refuseNoFile();
  async function* pieces() {
    yield* file!;
    await finished.catch(() => refuseNoFile());
    // The field came after the file was processed; it is refused rather than ignored.
    if (late !== null) {
      refuseInput({
        field: late,
        reason: "after_file",
        message: `Send the field "${late}" before the file.`,
      });
    }
  }
  return { fields, file: pieces() };
}

function refuseNoFile(): never {
  refuseInput({
    field: "file",
    reason: "required",
    message: "Send a CSV or XLSX file, as the body or as a field of a form.",
  });
}
