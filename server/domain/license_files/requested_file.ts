// Turning the request of an app without a network into a license file: its device is activated as if it had called itself.
import { activateLicense, type ActivationResult } from "../activations/activate.ts";
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { DomainError } from "../errors.ts";
import { parseKey, refuseUnknownKey } from "../licenses/key.ts";
import { getLicenseByKey } from "../licenses/get_by_key.ts";
import { shownKey } from "../shown_key.ts";
import { issueFile } from "./issue.ts";
import type { IssuedFile, NameFileClaims } from "./license_file.ts";
import type { OfflineRequest } from "./offline_request.ts";

export interface RequestedFile {
  request: OfflineRequest;
  /** Seconds; null: as long as the license allows. */
  ttl: number | null;
  /** Where the server is reached. */
  issuer: string;
  /** The user whose licenses may be used; null: an administrator may use any. */
  userId: number | null;
}

/** A file, and what was activated for it. */
export interface FileOfRequest {
  file: IssuedFile;
  activation: ActivationResult;
}

/**
 * Activates the device of a request, unless it is active, and issues a file for it: both or neither.
 *
 * @throws DomainError `INVALID_LICENSE`, also for the license of another user, and as `activateLicense` and `issueFile`
 */
export async function issueRequestedFile(
  ctx: Context,
  input: RequestedFile,
  nameClaims: NameFileClaims,
): Promise<FileOfRequest> {
  if (input.userId === null) requireRole(ctx, "manager");
  await requireOwn(ctx, input);
  return await inTransaction(ctx, (ctx) => activateAndIssue(ctx, input, nameClaims));
}

async function activateAndIssue(
  ctx: Context,
  { request, ttl, issuer }: RequestedFile,
  nameClaims: NameFileClaims,
): Promise<FileOfRequest> {
  // Whoever brings the request is elsewhere than the device, which has no network.
  const activation = await activateLicense({ ...ctx, address: undefined }, request);
  const { id: activationId } = activation.activation;
  return { activation, file: await issueFile(ctx, { ...request, activationId, ttl, issuer }, nameClaims) };
}

/** What a request would do. */
export interface RequestPreview {
  licenseId: number;
  licenseKey: string;
  productName: string;
  /** Null: the license has no plan. */
  planName: string | null;
  customerId: number;
  customerName: string;
  device: {
    hardwareHash: string;
    machineName: string | null;
    appVersion: string | null;
    /** Whether it is active on the license, was deactivated, or is new. */
    state: "active" | "deactivated" | "new";
  };
  isEncrypted: boolean;
  /** When the app made the request; null: it does not say. */
  createdAt: Date | null;
  /** Why it would be refused; null: it would not. */
  refusal: DomainError | null;
  /** When the file would end; null: there would be none. */
  expiresAt: Date | null;
  /** Whether the device would be beyond the limit, which the overage of the license admits. */
  isOverLimit: boolean;
  /** The idle device that would be deactivated because the license is full; null: none. */
  replaced: { id: number; machineName: string | null; hardwareId: string } | null;
}

/** Ends the transaction of a preview. */
class Undone extends Error {
  constructor(readonly result: FileOfRequest) {
    super("undone");
  }
}

/**
 * What would become of a request. Nothing is changed: it is tried and undone, so that what is said is what would happen.
 *
 * @throws DomainError `INVALID_LICENSE`, also for the license of another user
 */
export async function previewRequestedFile(
  ctx: Context,
  input: RequestedFile,
  nameClaims: NameFileClaims,
): Promise<RequestPreview> {
  if (input.userId === null) requireRole(ctx, "viewer");
  const { request } = input;
  const licenseId = await requireOwn(ctx, input);
  const [license] = await ctx.db<
    (Pick<RequestPreview, "licenseKey" | "productName" | "planName" | "customerId" | "customerName"> & {
      isActive: boolean | null;
    })[]
  >`
    select ${shownKey(ctx, ctx.db`l.key`)} as license_key, p.name as product_name, pl.name as plan_name,
      c.id as customer_id, c.name as customer_name, a.is_active
    from licenses l
    join products p on p.id = l.product_id
    join customers c on c.id = l.customer_id
    left join plans pl on pl.id = l.plan_id
    left join activations a on a.license_id = l.id and a.hardware_id = ${request.hardwareId}
    where l.id = ${licenseId}`;
  const outcome = await tryRequest(ctx, input, nameClaims);
  const tried = outcome instanceof DomainError ? null : outcome;
  const { isActive, ...names } = license;
  return {
    licenseId,
    ...names,
    device: {
      hardwareHash: request.hardwareId,
      machineName: request.machineName,
      appVersion: request.appVersion,
      state: tried
        ? stateOf(tried.activation)
        : isActive === null
        ? "new"
        : isActive
        ? "active"
        : "deactivated",
    },
    isEncrypted: request.isEncrypted,
    createdAt: request.createdAt,
    refusal: outcome instanceof DomainError ? outcome : null,
    expiresAt: tried?.file.expiresAt ?? null,
    isOverLimit: tried?.activation.isOverLimit ?? false,
    replaced: tried?.activation.replaced ?? null,
  };
}

async function tryRequest(
  ctx: Context,
  input: RequestedFile,
  nameClaims: NameFileClaims,
): Promise<FileOfRequest | DomainError> {
  try {
    return await inTransaction(ctx, async (ctx) => {
      throw new Undone(await activateAndIssue(ctx, input, nameClaims));
    });
  } catch (error) {
    if (error instanceof Undone) return error.result;
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function stateOf({ isNew, activation }: ActivationResult): RequestPreview["device"]["state"] {
  if (!isNew) return "active";
  return activation.firstActivatedAt < activation.activatedAt ? "deactivated" : "new";
}

/** The id of the request's license, which has to be the user's own. */
async function requireOwn(ctx: Context, { request, userId }: RequestedFile): Promise<number> {
  const license = await getLicenseByKey(ctx, request.licenseKey);
  if (userId !== null && license.userId !== userId) refuseUnknownKey(parseKey(request.licenseKey));
  return license.id;
}
