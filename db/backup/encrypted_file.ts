// The file of a backup: compressed with Zstandard and encrypted in the age format (https://age-encryption.org/v1), which is
// authenticated in chunks: a changed or shortened file is not read. `age --decrypt FILE | zstd -d` reads it as well.
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { Decrypter, Encrypter } from "age-encryption";
import { BackupError } from "./format.ts";

/**
 * Work factor of scrypt for a passphrase, 2^15: 32 MiB of memory. Keys are long random values, so that guessing is
 * hopeless without a higher one.
 */
const SCRYPT_LOG_N = 15;

/** Whether a key is an age recipient, which only encrypts: the identity that decrypts is kept elsewhere. */
export function isRecipient(key: string): boolean {
  return key.startsWith("age1");
}

const isIdentity = (key: string) => key.startsWith("AGE-SECRET-KEY-");

function encrypterFor(key: string): Encrypter {
  const encrypter = new Encrypter();
  if (isIdentity(key)) {
    throw new BackupError("BACKUP_KEY is an age identity, which only decrypts. Set its recipient, age1…");
  }
  if (isRecipient(key)) encrypter.addRecipient(key);
  else {
    encrypter.setScryptWorkFactor(SCRYPT_LOG_N);
    encrypter.setPassphrase(key);
  }
  return encrypter;
}

/**
 * Writes a file completely or not at all: under another name first, which it gets rid of when it fails, and onto the disk
 * before it takes its own.
 *
 * @throws BackupError when it cannot be written
 */
export async function writeEncrypted(
  path: string,
  key: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number }> {
  const unfinished = `${path}.part`;
  const encrypter = encrypterFor(key);
  try {
    const file = await open(unfinished, "wx", 0o600);
    try {
      await pipeline(
        content,
        createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
        async (compressed: AsyncIterable<Uint8Array>) => {
          for await (const piece of await encrypter.encrypt(ReadableStream.from(compressed))) {
            for (let done = 0; done < piece.length;) {
              done += (await file.write(piece, done, piece.length - done)).bytesWritten;
            }
          }
        },
      );
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return { bytes: (await stat(path)).size };
  } catch (error) {
    await rm(unfinished, { force: true });
    if (isFileError(error)) {
      throw new BackupError(`${path} cannot be written: ${reasonOf(error)}`, { cause: error });
    }
    throw error;
  }
}

/** The rename is lost with the power if only the file was written to disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/**
 * Reads a file.
 *
 * @throws BackupError when the key does not open it, or when it was changed or shortened
 */
export async function readEncrypted<T>(
  path: string,
  key: string,
  read: (content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const decrypter = new Decrypter();
  if (isRecipient(key)) {
    throw new BackupError(
      "BACKUP_KEY is an age recipient, which only encrypts. Set its identity, AGE-SECRET-KEY-1…",
    );
  }
  if (isIdentity(key)) decrypter.addIdentity(key);
  else decrypter.addPassphrase(key);
  const file = await open(path, "r").catch((error) => {
    throw new BackupError(`${path} cannot be read: ${reasonOf(error)}`);
  });
  try {
    const decrypted = await decrypter.decrypt(piecesOf(file));
    let result: T | undefined;
    await pipeline(
      decrypted,
      createZstdDecompress(),
      async (content: AsyncIterable<Uint8Array>) => {
        result = await read(content);
      },
    );
    return result as T;
  } catch (error) {
    throw explain(error, path);
  } finally {
    await file.close();
  }
}

const PIECE = 262_144;

function piecesOf(file: Awaited<ReturnType<typeof open>>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE), 0, PIECE);
      if (bytesRead === 0) controller.close();
      else controller.enqueue(buffer.subarray(0, bytesRead));
    },
  });
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof BackupError || !(error instanceof Error)) return error;
  if (/no identity matched|recipients/.test(error.message)) {
    return new BackupError(`BACKUP_KEY does not open ${path}: it was encrypted with another key.`);
  }
  const ownErrors =
    /decrypt|invalid tag|unexpected end|parse|stanza|version|header|ciphertext|stream|zstd|frame/i;
  if (
    "query" in error || isFileError(error) ||
    !ownErrors.test(`${error.message} ${"code" in error ? error.code : ""}`)
  ) {
    return error;
  }
  return new BackupError(`${path} is damaged or incomplete (${error.message}). Use another backup.`, {
    cause: error,
  });
}

/** Whether it is an error of the operating system, such as a full disk. */
function isFileError(error: unknown): boolean {
  return error instanceof Error &&
    (error instanceof Deno.errors.NotCapable || "syscall" in error || /\(os error \d+\)/.test(error.message));
}

/** Why a file or folder cannot be used. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return "the task has access to the folders backups, /backups and /var/backups/latchkey. Use one of them.";
  }
  return error instanceof Error ? error.message : String(error);
}
