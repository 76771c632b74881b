// Transcripts of devices without a network: license files and status lists that are carried in.
import type { Case } from "./cases.ts";
import { encrypted } from "./encryption.ts";
import { fileClaims, fileWith, ISSUED, LIST, statusList } from "./samples.ts";
import { signed } from "./signer.ts";
import { step, type Transcript, transcript } from "./transcript.ts";

export async function carriedCases(): Promise<Case<Transcript, null>[]> {
  const file = await fileWith();
  return [
    transcript(
      "a file that is carried in",
      "No network is needed.",
      step(1, "install_file", "valid", [], { with: file }),
      step(2, "restart", "valid"),
      step(2, "install_status_list", "revoked", [], { with: await statusList([9]) }),
      step(2, "restart", "revoked"),
    ),
    transcript(
      "an older status list after a newer one",
      "It is not taken.",
      step(1, "install_file", "valid", [], { with: file }),
      step(1, "install_status_list", "revoked", [], {
        with: await statusList([9], { issuedAt: ISSUED + 60 }),
      }),
      step(1, "install_status_list", "revoked", [], { with: await statusList([]) }),
    ),
    transcript(
      "a status list of other files",
      "It does not replace that of the file.",
      step(1, "install_file", "valid", [], { with: file }),
      step(1, "install_status_list", "revoked", [], { with: await statusList([9]) }),
      step(1, "install_status_list", "revoked", [], {
        with: await statusList([], { url: `${LIST}0`, issuedAt: ISSUED + 60 }),
      }),
      step(1, "restart", "revoked"),
    ),
    transcript(
      "a file of another device",
      "It is not taken.",
      step(1, "install_file", "wrong_machine", [], {
        with: encrypted(await signed("license-file+jwt", fileClaims()), { fingerprint: "other" }),
      }),
      step(1, "status", "not_activated"),
    ),
    transcript(
      "a file that was cut",
      "It is not taken.",
      step(1, "install_file", "invalid", [], { with: file.slice(0, 200) }),
      step(1, "status", "not_activated"),
    ),
  ];
}
