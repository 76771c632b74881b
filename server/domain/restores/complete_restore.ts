// What a restored database has to forget before it is used: it is the state of an earlier time, in which links, codes and
// tokens that were used or revoked since then are valid again.
import { endUserSignIns } from "../accounts/end_sign_ins.ts";
import { endAdministratorSignIns } from "../administrators/end_sign_ins.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { cancelLinkMails } from "../mail/mail.ts";

export interface RestoredBackup {
  /** When the backup was made. */
  madeAt: Date;
  /** The program that made it. */
  programVersion: string;
  /** Whether sessions, links, invitations and recovery codes stay valid. */
  keepSignIns: boolean;
}

/** How many valid sessions ended. */
export interface CompletedRestore {
  users: number;
  administrators: number;
}

/** Ends what may have been used up or revoked since the backup, and records the restore. */
export async function completeRestore(ctx: Context, backup: RestoredBackup): Promise<CompletedRestore> {
  return await inTransaction(ctx, async (ctx) => {
    const ended = backup.keepSignIns ? { users: 0, administrators: 0 } : {
      users: await endUserSignIns(ctx),
      administrators: await endAdministratorSignIns(ctx),
    };
    if (!backup.keepSignIns) await cancelLinkMails(ctx);
    await recordEvent(ctx, {
      type: "backup.restored",
      subjectId: 0,
      after: {
        madeAt: backup.madeAt,
        programVersion: backup.programVersion,
        signInsEnded: !backup.keepSignIns,
      },
    });
    return ended;
  });
}
