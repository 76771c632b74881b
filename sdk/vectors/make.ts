// Writes the vectors: JSON files of cases that every library passes. Keys and times are fixed, so that the files are the same
// each time. `deno task vectors`
import { type Case } from "./cases.ts";
import { claimCases } from "./claim_cases.ts";
import { deviceCases } from "./device_cases.ts";
import { encryptionCases } from "./encryption_cases.ts";
import { headerCases } from "./header_cases.ts";
import { jsonCases } from "./json_cases.ts";
import { keyCases } from "./key_cases.ts";
import { listCases } from "./list_cases.ts";
import { machineCases } from "./machine_cases.ts";
import { removalCases, removalCodeCases } from "./removal_cases.ts";
import { requestCases } from "./request_cases.ts";
import { retryCases } from "./retry_cases.ts";
import { revocationCases } from "./revocation_cases.ts";
import { signatureCases } from "./signature_cases.ts";
import { termCases } from "./term_cases.ts";
import { textCases } from "./text_cases.ts";
import { timeCases } from "./time_cases.ts";
import { transcriptCases } from "./transcript_cases.ts";
import { validationCases } from "./validation_cases.ts";
import { versionCases } from "./version_cases.ts";

type Made = (Case | Promise<Case>)[];

const kinds: Record<string, [describes: string, make: () => Made | Promise<Made>]> = {
  file_texts: ["License files: their texts; the state of each.", textCases],
  file_headers: ["License files: their headers; the state of each.", headerCases],
  file_signatures: ["License files: their signatures and keys; the state of each.", signatureCases],
  file_json: ["License files: unusual and damaged JSON; the state of each.", jsonCases],
  file_claims: ["License files: claims of other types; the state of each.", claimCases],
  file_times: ["License files: times and what was seen; the state of each.", timeCases],
  file_terms: ["License files: terms and versions; the state of each.", termCases],
  file_devices: ["License files: devices; the state of each.", deviceCases],
  file_encryption: ["Encrypted license files; the state of each.", encryptionCases],
  file_revocation: ["License files with status lists; the state of each.", revocationCases],
  file_lists: ["License files with damaged and forged status lists; the state of each.", listCases],
  file_removals: ["License files of devices that were given back; the state of each.", removalCases],
  validations: ["Signed validations: the code that is believed, or why none is.", validationCases],
  removal_codes: ["Removal codes.", removalCodeCases],
  devices: ["Devices from parts of a machine; null when none identifies it.", machineCases],
  license_keys: ["License keys as they are pasted: what is sent; null when it can be no key.", keyCases],
  versions: ["Whether a range has a version.", versionCases],
  offline_requests: ["Offline requests: the text that is written.", requestCases],
  transcripts: ["HTTP exchanges, with the state after each step.", transcriptCases],
  retries: ["Delays in seconds before further attempts, and the status that a call ends with.", retryCases],
};

/** The content of each file of vectors, by its name. */
export async function makeVectors(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, [describes, make]] of Object.entries(kinds)) {
    const cases = await Promise.all(await make());
    const names = new Set(cases.map((one) => one.name));
    if (names.size !== cases.length) throw new Error(`Two cases of ${name} have the same name.`);
    files[`${name}.json`] = `${JSON.stringify({ describes, cases }, null, 2)}\n`;
  }
  return files;
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(await makeVectors())) {
    await Deno.writeTextFile(new URL(name, import.meta.url), text);
    console.log(`${name}: ${JSON.parse(text).cases.length} cases`);
  }
}
