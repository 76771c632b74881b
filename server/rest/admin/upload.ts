// Files that are sent along, as a form's or as the body itself, read piece by piece and never longer than they may be.
import { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { refuse } from "../../domain/refusals.ts";

const MOST_BYTES = 50 * 1024 * 1024;

/**
 * The pieces of the file a request brings.
 *
 * @throws Refusal `INVALID_REQUEST` when it brings none, `PAYLOAD_TOO_LARGE` beyond 50 MiB
 */
export async function* piecesOf(request: Request): AsyncGenerator<Uint8Array> {
  if (!request.body) refuseNoFile();
  const type = request.headers.get("content-type") ?? "";
  const body = Readable.fromWeb(request.body as never);
  let size = 0;
  for await (const piece of type.startsWith("multipart/form-data") ? fileOf(body, type) : body) {
    size += piece.length;
    if (size > MOST_BYTES) refuse("PAYLOAD_TOO_LARGE", { max_bytes: MOST_BYTES });
    yield piece;
  }
  if (size === 0) refuseNoFile();
}

/** The first file of a form, whatever its field is called. */
async function* fileOf(body: Readable, type: string): AsyncGenerator<Uint8Array> {
  let busboy: InstanceType<typeof Busboy>;
  try {
    busboy = new Busboy({ headers: { "content-type": type }, limits: { files: 1, fields: 20 } });
  } catch {
    refuseNoFile();
  }
  const found = new Promise<Readable | null>((resolve, reject) => {
    busboy.on("file", (_name: string, file: Readable) => resolve(file));
    busboy.on("finish", () => resolve(null));
    busboy.on("error", reject);
    body.on("error", reject);
  });
  body.pipe(busboy);
  const file = await found.catch(() => refuseNoFile());
  if (!file) refuseNoFile();
  yield* file;
}

function refuseNoFile(): never {
  refuse("INVALID_REQUEST", { field: "file", reason: "required" }, {
    message: "Send a CSV or XLSX file, as the body or as a field of a form.",
  });
}
