// The one place where the environment is read. Every variable is checked by a schema and explained in the README's
// table; a wrong one stops the start with a sentence that names it.
import { z } from "zod";
import { readNetworks } from "./domain/webhooks/address.ts";

const limit = (defaultValue: number) =>
  z.union([
    z.literal("off").transform(() => null),
    z.coerce.number().int().min(1).max(1_000_000_000),
  ]).default(defaultValue);

const list = z.string().default("").transform((text) =>
  text.split(",").map((part) => part.trim()).filter(Boolean)
);

function areNetworks(texts: string[]): boolean {
  try {
    readNetworks(texts);
    return true;
  } catch {
    return false;
  }
}

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default("0.0.0.0"),
  PUBLIC_URL: z.url().optional(),
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgres://").optional(),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, "must begin with redis://").optional(),
  JWT_SECRET: z.string().min(8, "must have at least 8 characters").optional(),
  REDIS_TIMEOUT_MS: z.coerce.number().int().min(1).max(60_000).default(40),
  ENCRYPTION_KEY: z.string().min(16, "must have at least 16 characters").optional(),
  SMTP_URL: z.string().regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://").optional(),
  MAIL_FROM: z.string().default("Latchkey <no-reply@localhost>"),
  LISTENER: z.enum(["node", "deno"]).default("node"),
  PROCESSES: z.coerce.number().int().min(1).max(64).default(1),
  TRUSTED_PROXIES: list,
  METRICS_TOKEN: z.string().optional(),
  WORKER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  WEBHOOK_ALLOWED_ADDRESSES: list.refine(areNetworks, "must list addresses or networks, such as 10.0.0.0/8"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "off"]).default("info"),
  RATE_LIMIT_PUBLIC: limit(100),
  RATE_LIMIT_HEARTBEAT: limit(1),
  RATE_LIMIT_AUTH: limit(5),
  RATE_LIMIT_ADMIN: limit(1000),
  RATE_LIMIT_LICENSE: limit(60),
  RATE_LIMIT_DEVICE: limit(30),
});

export type Environment = z.infer<typeof schema>;

/** What a server or worker needs to run; in production nothing of it may be missing. */
export type Config = Environment & {
  DATABASE_URL: string;
  REDIS_URL: string;
  JWT_SECRET: string;
  ENCRYPTION_KEY: string;
  PUBLIC_URL: string;
  /** Only under `deno task dev`: mail can be read in a mailbox page. */
  development?: boolean;
};

/** The secrets of the demo, known to everybody and therefore refused in production. */
export const demoSecrets = {
  JWT_SECRET: "test_jwt_secret",
  ENCRYPTION_KEY: "demo_encryption_key_for_development",
} as const;

/** A setting that is wrong or missing; its message is for whoever starts the program. */
export class ConfigError extends Error {}

/**
 * Reads the environment.
 *
 * @throws ConfigError naming every variable that is wrong
 */
export function readEnvironment(variables: Record<string, string> = Deno.env.toObject()): Environment {
  // A variable set to nothing counts as not set, as compose files leave them.
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${String(issue.path[0])}: ${issue.message}`);
  throw new ConfigError(`These settings are wrong:\n${problems.join("\n")}`);
}

/**
 * The settings of a production process.
 *
 * @throws ConfigError when one is missing or is a secret of the demo
 */
export function productionConfig(environment: Environment): Config {
  const required = ["DATABASE_URL", "REDIS_URL", "JWT_SECRET", "ENCRYPTION_KEY"] as const;
  const missing = required.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new ConfigError(
      `Set ${missing.join(", ")}. (To try Latchkey without setting anything: deno task dev)`,
    );
  }
  for (const [name, secret] of Object.entries(demoSecrets)) {
    if (environment[name as keyof typeof demoSecrets] === secret) {
      throw new ConfigError(`${name} is the demo's, which everybody knows. Set one of your own.`);
    }
  }
  return complete(environment as Config);
}

/** Fills in what follows from the rest. */
export function complete(environment: Environment & Omit<Config, "PUBLIC_URL">): Config {
  return { ...environment, PUBLIC_URL: environment.PUBLIC_URL ?? `http://localhost:${environment.PORT}` };
}
