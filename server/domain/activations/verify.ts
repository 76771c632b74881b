// The verdict: may this license be used on this machine today? The busiest verb of the house, answered from memory
// when what it rests on is remembered.
import { type Context, dayOf } from "../context.ts";
import { listReleases, type Offer, offerUpdate, readVersion } from "../releases.ts";
import { getStanding, type Obstacle, obstacle, type Standing } from "./standing.ts";

/** A sign of life that comes with a verification is written this often at most; milliseconds. */
const SIGN_EVERY = 60_000;

export interface Verdict {
  valid: boolean;
  code: "VALID" | Obstacle;
  license: Standing["license"];
  machine: Standing["machine"];
}

/**
 * Decides whether a license may be used on a machine today. A negative verdict is a value, not a refusal.
 *
 * @param input.activationId as the app was told when it activated; another machine's makes the verdict `NOT_ACTIVATED`
 * @throws Refusal `INVALID_LICENSE` when there is no such license to decide over
 */
export async function verifyLicense(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string; appVersion: string | null; activationId?: number | null },
): Promise<Verdict & { offer: Offer }> {
  const standing = await getStanding(ctx, input.licenseKey, input.hardwareId);
  const verdict = judge(ctx, standing, input.activationId ?? null);
  noteSign(ctx, standing, input.appVersion);
  if (verdict.valid) ctx.signs.noteVerified(ctx.now);
  const releases = await listReleases(ctx, standing.license.productId);
  const version = input.appVersion === null ? null : readVersion(input.appVersion);
  return { ...verdict, offer: offerUpdate(releases, version) };
}

/** The verdict over a standing. */
export function judge(ctx: Context, standing: Standing, activationId: number | null = null): Verdict {
  const { license, machine } = standing;
  const foreign = activationId !== null && machine !== null && machine.id !== activationId;
  const code = obstacle(dayOf(ctx.now), foreign ? { license, machine: null } : standing) ?? "VALID";
  return { valid: code === "VALID", code, license, machine };
}

/** Verifying shows that the machine is alive; that is written now and then, and waits for nobody. */
function noteSign(ctx: Context, { machine }: Standing, appVersion: string | null): void {
  const now = ctx.now.getTime();
  if (!machine?.isActive || now - machine.lastHeartbeat < SIGN_EVERY) return;
  machine.lastHeartbeat = now;
  ctx.signs.writeSoon({ activationId: machine.id, at: ctx.now, appVersion });
}
