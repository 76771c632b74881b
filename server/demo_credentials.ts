// The published credentials of the demo data, and how a database is recognised that contains them.
import type { Database } from "../db/connect.ts";

/** Published credentials, not secret. */
export const demo = {
  licenseKey: "TEST-TEST-TEST-TEST",
  apiKey: "test_api_key_123",
  administrator: { email: "admin@example.com", password: "admin123" },
} as const;

/** Whether the demo's API key is in the database and valid. */
export async function hasDemoData(db: Database): Promise<boolean> {
  const [found] = await db`
    select 1
    from api_keys
    where key_hash = sha256(${demo.apiKey}::bytea) and revoked_at is null`;
  return found !== undefined;
}
