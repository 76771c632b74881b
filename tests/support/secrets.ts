// Secrets of the programs that tests start as in production, which refuses values that can be guessed: new in each run.
import { randomBytes } from "node:crypto";

/** Variables of a production process. */
export const testSecrets = {
  JWT_SECRET: randomBytes(32).toString("base64"),
  ENCRYPTION_KEY: randomBytes(32).toString("base64"),
};
