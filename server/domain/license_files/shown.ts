// The file that an app shows when it wants a new one: whether another machine, or a copy of this one, has it too.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { type Claims, verifyClaims } from "../signing/jws.ts";
import { unarmour } from "./armour.ts";
import { decryptFile, type FileSecret } from "./encrypt.ts";
import { FILE_TYPE, type LicenseFileRow } from "./license_file.ts";

/** A copy is recorded at most once within this time; milliseconds. */
const RECORD_INTERVAL = 3_600_000;

/**
 * Notes the file that a machine shows. A file of another activation was copied, and one that is older than a file the machine
 * has shown before comes from a copy of the machine. What is no file of this server says nothing and is ignored, so that apps
 * get on after the loss of a signing key.
 *
 * @param machine.activationId null: the machine is not activated
 */
export async function noteShownFile(
  ctx: Context,
  text: string,
  machine: FileSecret & { licenseId: number; activationId: number | null },
): Promise<void> {
  const claims = await readFile(ctx, text, machine);
  if (!claims || claims.license !== machine.licenseId) return;
  const { activation, seq } = claims;
  if (typeof activation !== "number" || typeof seq !== "number") return;
  if (activation !== machine.activationId) {
    return await recordClone(ctx, activation, { reason: "other_machine", seq });
  }
  const [shown] = await ctx.db<Pick<LicenseFileRow, "shownSeq">[]>`
    update license_files
    set shown_seq = greatest(shown_seq, least(seq, ${seq}))
    where activation_id = ${activation} and shown_seq < ${seq}
    returning shown_seq`;
  if (shown) return;
  const [known] = await ctx.db<Pick<LicenseFileRow, "shownSeq">[]>`
    select shown_seq
    from license_files
    where activation_id = ${activation}`;
  if (known && seq < known.shownSeq) await recordClone(ctx, activation, { reason: "older_file", seq });
}

async function readFile(ctx: Context, text: string, secret: FileSecret): Promise<Claims | null> {
  const content = unarmour(text);
  if (content === null) return null;
  const isEncrypted = content.split(".").length === 5;
  const jws = isEncrypted ? await decryptFile(content, secret) : content;
  return jws === null ? null : await verifyClaims(ctx, { type: FILE_TYPE, jws });
}

/** Records that the file of an activation was copied, once an hour. */
async function recordClone(
  ctx: Context,
  activationId: number,
  { reason, seq }: { reason: "other_machine" | "older_file"; seq: number },
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [file] = await ctx.db<{ licenseId: number; customerId: number; latestSeq: number }[]>`
      update license_files f
      set cloned_at = ${ctx.now}
      from licenses l
      where f.activation_id = ${activationId} and l.id = f.license_id
        and (f.cloned_at is null or f.cloned_at < ${new Date(ctx.now.getTime() - RECORD_INTERVAL)})
      returning f.license_id, l.customer_id, f.seq as latest_seq`;
    if (!file) return;
    await recordEvent(ctx, {
      type: "license_file.cloned",
      subjectId: activationId,
      licenseId: file.licenseId,
      customerId: file.customerId,
      activationId,
      after: { reason, seq, latestSeq: file.latestSeq },
    });
  });
}
