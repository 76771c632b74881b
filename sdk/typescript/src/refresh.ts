// One refresh: asks the server whether the license may be used, believes what is signed, and keeps it.
import type { Api, Body } from "./api.ts";
import { checkedFile } from "./new_file.ts";
import { encodeBytes } from "./encoding.ts";
import { InvalidTextError, LatchkeyError } from "./errors.ts";
import type { KeptRecord } from "./kept_record.ts";
import type { CompleteOptions } from "./options.ts";
import { type LicenseRecord, withKept } from "./record.ts";
import { readValidation, type ValidationClaims } from "./signed_validation.ts";
import { readStatusList } from "./status_list.ts";

/** What came of a refresh. */
export interface Refreshed {
  /** Why the server's answer is not known; null: it is. */
  error: LatchkeyError | null;
  /** When the activation ends without another refresh; seconds since 1970; null: never. */
  leaseEnds: number | null;
}

/** Validates the license; the record has it afterwards. Without a license key nothing is done. */
export async function refresh(
  api: Api,
  kept: KeptRecord,
  options: CompleteOptions,
  attempts?: number,
): Promise<Refreshed> {
  const record = await kept.read();
  const { licenseKey, file } = record;
  if (licenseKey === null) return { error: null, leaseEnds: null };
  const nonce = encodeBytes(options.random(16));
  const { device, version } = options;
  let body: Body = {};
  let signature: string | null;
  try {
    body = await api.post("/api/license/verify", {
      license_key: licenseKey,
      hardware_hash: device.fingerprint,
      app_version: version,
      components: device.components,
      nonce,
      file: file ?? true,
    }, { changes: false, attempts });
    signature = typeof body.signature === "string" ? body.signature : null;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    signature = error.signature;
    if (signature === null) {
      // The API key may have been replaced: the list needs none.
      if (error.status !== 0) await refreshList(api, kept, options);
      return { error, leaseEnds: null };
    }
  }
  const claims = await believed(signature, nonce, licenseKey, options);
  if (claims instanceof LatchkeyError) return { error: claims, leaseEnds: null };
  const text = typeof body.license_file === "string" ? body.license_file : null;
  const renewed = text === null ? null : await checkedFile(text, licenseKey, options, record);
  await kept.change((record) => {
    // Another license was activated meanwhile.
    if (record.licenseKey !== licenseKey) return record;
    const next: LicenseRecord = {
      ...withKept(record, { trusted: claims.iat }),
      validation: signature,
      refusal: null,
    };
    return renewed ? withFile(next, renewed) : next;
  });
  const leaseEnds = typeof body.lease_ends === "string" ? Date.parse(body.lease_ends) / 1000 : NaN;
  return { error: null, leaseEnds: Number.isNaN(leaseEnds) ? null : leaseEnds };
}

/** A record with a new file. */
export function withFile(
  record: LicenseRecord,
  { text, claims }: { text: string; claims: { iat: number; seq: number; activation: number } },
): LicenseRecord {
  const { iat: trusted, activation, seq } = claims;
  return { ...withKept(record, { trusted, seq: { [activation]: seq } }), file: text };
}

async function believed(
  signature: string | null,
  nonce: string,
  licenseKey: string,
  { device, product, publicKeys, verifySignature }: CompleteOptions,
): Promise<ValidationClaims | LatchkeyError> {
  try {
    if (signature === null) throw new InvalidTextError("malformed", "The answer is not signed.");
    const sent = { nonce, licenseKey, fingerprint: device.fingerprint, product };
    return await readValidation(signature, sent, publicKeys, verifySignature);
  } catch (cause) {
    if (!(cause instanceof InvalidTextError)) throw cause;
    return new LatchkeyError({ code: "UNTRUSTED_ANSWER", message: cause.message, status: 200, cause });
  }
}

/** Gets the status list of the file and keeps it. Without one nothing changes. */
export async function refreshList(api: Api, kept: KeptRecord, options: CompleteOptions): Promise<void> {
  const uri = await ownList(kept, options);
  if (uri === null) return;
  try {
    await keepList(await api.getText(uri), kept, options);
  } catch (error) {
    if (!(error instanceof LatchkeyError) && !(error instanceof InvalidTextError)) throw error;
  }
}

/** Keeps a status list, unless a later one was seen. @throws InvalidTextError */
export async function keepList(jws: string, kept: KeptRecord, options: CompleteOptions): Promise<void> {
  const list = await readStatusList(jws, options.publicKeys, options.verifySignature);
  const own = await ownList(kept, options);
  await kept.change((record) => {
    if (list.issuedAt < (record.lists[list.uri] ?? 0)) return record;
    const seen = withKept(record, { trusted: list.issuedAt, lists: { [list.uri]: list.issuedAt } });
    // A list of other files does not replace that of the file.
    return own === null || own === list.uri ? { ...seen, list: jws.trim() } : seen;
  });
}

/** The address of the list of the file; null: there is no file. */
async function ownList(kept: KeptRecord, options: CompleteOptions): Promise<string | null> {
  const { file, licenseKey } = await kept.read();
  return file === null ? null : (await checkedFile(file, licenseKey, options))?.claims.status.uri ?? null;
}
