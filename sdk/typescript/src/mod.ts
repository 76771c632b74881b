// Latchkey's client library for Node, Deno and browsers. What needs files and the machine is in node.ts.
export { LicenseClient, type LicenseStatus } from "./license_client.ts";
export type { LicenseOptions } from "./options.ts";
export { isUsable, type LicenseState, stateMeanings } from "./states.ts";
export { InvalidTextError, LatchkeyError } from "./errors.ts";
export { browserStorage, memoryStorage, type Storage } from "./storage.ts";
export type { Device } from "./device.ts";
export type { Entitlements, FileClaims } from "./file_claims.ts";
export type { PublicKey, VerifySignature } from "./jws.ts";
export type { Clock, RandomBytes, Transport, TransportRequest, TransportResponse } from "./environment.ts";
export { type App, checkLicenseFile, type FileCheck, type FileResult } from "./license_file.ts";
export { readValidation, type ValidationClaims } from "./signed_validation.ts";
export { readLicenseKey, type TypedKey } from "./license_key.ts";
export { deviceOf } from "./fingerprint.ts";
export type { Session } from "./seats.ts";
export type { Meter, Reservation } from "./usage.ts";
export type { Update } from "./updates.ts";
export { type OfflineRequest, writeOfflineRequest } from "./offline_request.ts";
