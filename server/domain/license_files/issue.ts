// Issuing a license file for an activation.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type CalendarDay, dayOf, endOf, LAST_DAY } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { Components } from "../activations/components.ts";
import { isPlaceholderFingerprint } from "../activations/fingerprints.ts";
import type { PublicMetadata } from "../metadata.ts";
import { publicMetadata } from "../metadata_columns.ts";
import { comparedVersions } from "../policy/app_version.ts";
import { stateOn } from "../policy/conditions.ts";
import { graceEndOf } from "../policy/expiry.ts";
import type { Terms } from "../policy/inputs.ts";
import { leaseLength } from "../policy/lease.ts";
import type { LicenseState } from "../policy/terms.ts";
import { signClaims } from "../signing/jws.ts";
import { getSigningKey } from "../signing/signing_key.ts";
import { statusIndexOf } from "./status_index.ts";
import { takeNumber } from "./take_number.ts";
import { armour } from "./armour.ts";
import { encryptFile } from "./encrypt.ts";
import { fileNameOf } from "./file_name.ts";
import { getRemovalKey, removalSecret } from "./removal_key.ts";
import { FILE_TYPE, type IssuedFile, type MachineClaims, type NameFileClaims } from "./license_file.ts";

/** What a file is issued for. */
export interface FileRequest {
  activationId: number;
  /** The license key and the fingerprint as the app sent them. */
  licenseKey: string;
  hardwareId: string;
  components: Components | null;
  /** Seconds; null: as long as the license allows. */
  ttl: number | null;
  isEncrypted: boolean;
  /** Where the server is reached. */
  issuer: string;
}

/** What a file says of a license, read when it is issued. */
interface LicenseFacts extends
  Pick<
    Terms,
    | "offlineDays"
    | "offlineBorrowing"
    | "machineLease"
    | "machineMatching"
    | "graceDays"
    | "afterExpiry"
    | "versions"
    | "maxUsers"
    | "entitlements"
  > {
  id: number;
  productId: number;
  product: string;
  customerId: number;
  customerName: string;
  company: string | null;
  machineName: string | null;
  validUntil: CalendarDay | null;
  updatesUntil: CalendarDay | null;
  state: LicenseState;
  metadata: PublicMetadata;
}

const DAY = 86_400_000;
const SALT_BYTES = 16;

/**
 * Issues a file for an active activation, which counts as checked by the caller.
 *
 * @throws DomainError `OFFLINE_NOT_ALLOWED`, `INVALID_REQUEST` for a file that would last too long, `ACTIVATION_INACTIVE` when
 *   the machine was deactivated meanwhile
 */
export async function issueFile(
  ctx: Context,
  request: FileRequest,
  nameClaims: NameFileClaims,
): Promise<IssuedFile> {
  const license = await readLicense(ctx, request.activationId);
  const { offlineDays } = license;
  if (offlineDays === 0) refuse("OFFLINE_NOT_ALLOWED");
  const longest = offlineDays * 86_400;
  if (request.ttl !== null && request.ttl > longest) {
    refuse("INVALID_REQUEST", { field: "ttl", reason: "too_large", maximum: longest });
  }
  const expiresAt = expiryOf(ctx, license, request.ttl);
  // A key that cannot be read is found before a number is taken.
  await getSigningKey(ctx, license.productId);
  const id = randomUUID();
  const { seq, statusId } = await inTransaction(ctx, async (ctx) => {
    const taken = await takeNumber(ctx, request.activationId, license, expiresAt);
    await recordEvent(ctx, {
      type: "license_file.issued",
      subjectId: request.activationId,
      licenseId: license.id,
      customerId: license.customerId,
      activationId: request.activationId,
      after: { fileId: id, seq: taken.seq, expiresAt },
    });
    return taken;
  });
  const claims = nameClaims({
    issuer: request.issuer,
    issuedAt: Math.floor(ctx.now.getTime() / 1000),
    expiresAt: expiresAt.getTime() / 1000,
    id,
    seq,
    product: license.product,
    licenseId: license.id,
    activationId: request.activationId,
    state: license.state,
    licenseEnds: license.validUntil,
    graceEnds: graceEndOf(license),
    afterExpiry: license.afterExpiry,
    updatesUntil: license.updatesUntil,
    versions: comparedVersions(license.versions),
    maxUsers: license.maxUsers,
    entitlements: license.entitlements,
    metadata: license.metadata,
    customer: { name: license.customerName, company: license.company },
    machine: machineClaims(license, request),
    status: statusIndexOf({ id: statusId, productId: license.productId }),
    removal: removalSecret(await getRemovalKey(ctx), { activationId: request.activationId, seq }),
  });
  const jws = await signClaims(ctx, {
    productId: license.productId,
    type: FILE_TYPE,
    claims,
    expiresAt: expiresAt.getTime(),
  });
  const text = armour(request.isEncrypted ? await encryptFile(jws, request) : jws);
  const name = fileNameOf({
    product: license.product,
    licenseId: license.id,
    device: license.machineName ?? request.hardwareId,
  });
  return { text, name, id, seq, issuedAt: ctx.now, expiresAt };
}

async function readLicense(ctx: Context, activationId: number): Promise<LicenseFacts> {
  const [license] = await ctx.db<LicenseFacts[]>`
    select
      l.id, l.product_id, p.code as product, l.customer_id, c.name as customer_name,
      ${publicMetadata(ctx, ctx.db`c.metadata`)} ->> 'company' as company,
      l.valid_until, l.grace_days, l.after_expiry, l.updates_until, l.versions, l.max_users, l.entitlements,
      ${publicMetadata(ctx, ctx.db`l.metadata`)} as metadata, ${stateOn(ctx, "l", dayOf(ctx.now))} as state,
      l.offline_days, l.offline_borrowing, l.machine_lease, l.machine_matching, a.machine_name
    from activations a
    join licenses l on l.id = a.license_id
    join products p on p.id = l.product_id
    join customers c on c.id = l.customer_id
    where a.id = ${activationId} and a.is_active and l.deleted_at is null`;
  return license ?? refuse("ACTIVATION_INACTIVE");
}

/** When a file ends: without borrowing at the latest when the activation may lapse and its slot be given to another machine. */
function expiryOf(ctx: Context, license: LicenseFacts, ttl: number | null): Date {
  const length = ttl === null ? license.offlineDays * DAY : ttl * 1000;
  const { machineLease, offlineBorrowing } = license;
  const longest = machineLease === null || offlineBorrowing ? Infinity : leaseLength(machineLease);
  const end = Math.min(ctx.now.getTime() + Math.min(length, longest), endOf(LAST_DAY).getTime());
  return new Date(Math.floor(end / 1000) * 1000);
}

/** Placeholders, which many machines have, are left out. */
function machineClaims({ machineMatching }: LicenseFacts, request: FileRequest): MachineClaims {
  const salt = new Uint8Array(randomBytes(SALT_BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
  const hash = (name: string, value: string) =>
    createHash("sha256").update(`${salt}\n${name}\n${value}`).digest("base64url");
  const components = Object.entries(machineMatching === "exact" ? {} : request.components ?? {})
    .filter(([, value]) => !isPlaceholderFingerprint(value));
  return {
    match: components.length > 0 ? machineMatching : "exact",
    salt,
    fingerprint: hash("fingerprint", request.hardwareId),
    components: Object.fromEntries(
      components.map(([name, value]) => [name, hash(`component ${name}`, value)]),
    ),
  };
}
