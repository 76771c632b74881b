// A request of an app or script, as it is kept for support.
/** A row of `api_requests`. */
export interface ApiRequestRow {
  id: number;
  startedAt: Date;
  requestId: string;
  method: string;
  route: string;
  path: string;
  status: number;
  code: string | null;
  durationMs: number;
  network: string | null;
  userAgent: string | null;
  actorKind: string;
  actorId: number | null;
  licenseId: number | null;
  activationId: number | null;
  customerId: number | null;
  userId: number | null;
  productId: number | null;
  licenseText: string | null;
  seen: number;
  kept: number;
  requestBody: string | null;
  responseBody: string | null;
}

/** A request before it is written. Customer and product follow from license and activation. */
export type NewApiRequest = Omit<ApiRequestRow, "id" | "productId">;
