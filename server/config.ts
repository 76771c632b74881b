// Configuration: the file that reads environment variables (`process_settings.ts` reads two of them as well). A schema validates each of them, docs/configuration.md
// describes it, and an invalid one stops the program with a message that names it.
import { z } from "zod";
import { readRedisUrl } from "../db/redis_url.ts";
import { hasAutomaticSpans, isTracing } from "../db/tracing.ts";
import { parseEmail } from "./domain/email_address.ts";
import { readNetworks } from "./domain/webhooks/address.ts";
import { findIdentityProviderProblems, identityProviderVariables } from "./identity_provider_config.ts";
import { DEFAULT_DRAIN_TIME } from "./process_settings.ts";
import { findSecretWeakness, MIN_SECRET_LENGTH, MIN_TOKEN_LENGTH } from "./secret_strength.ts";

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

/** How long a collector of traces may take; milliseconds. A process that ends waits for it about three times. */
const MAX_EXPORT_TIMEOUT = 2000;

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default("0.0.0.0"),
  PUBLIC_URL: z.url().optional(),
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgres://").optional(),
  LISTEN_URL: z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgres://").optional(),
  REPLICA_URL: z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgres://").optional(),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(1000).default(20),
  DATABASE_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(2500),
  REDIS_URL: z.string().superRefine((text, ctx) => {
    try {
      readRedisUrl(text);
    } catch (error) {
      ctx.addIssue({ code: "custom", message: (error as Error).message });
    }
  }).optional(),
  JWT_SECRET: z.string().optional(),
  REDIS_TIMEOUT_MS: z.coerce.number().int().min(1).max(60_000).default(40),
  ENCRYPTION_KEY: z.string().optional(),
  ENCRYPTION_KEY_PREVIOUS: list,
  BACKUP_KEY: z.string().optional(),
  SMTP_URL: z.string().regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://").optional(),
  MAIL_FROM: z.string().default("Latchkey <no-reply@localhost>").refine(
    (from) => parseEmail(from.match(/^[^<>]*<([^<>]*)>\s*$/)?.[1] ?? from) !== null,
    "must be an address, or a name and an address: Latchkey <no-reply@example.com>",
  ),
  LISTENER: z.enum(["node", "deno"]).default("node"),
  PROCESSES: z.coerce.number().int().min(1).max(64).default(1),
  DRAIN_TIME_MS: z.coerce.number().int().min(100).max(3_600_000).default(DEFAULT_DRAIN_TIME),
  TRUSTED_PROXIES: list,
  METRICS_TOKEN: z.string().optional(),
  WORKER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  WEBHOOK_ALLOWED_ADDRESSES: list.refine(areNetworks, "must list addresses or networks, such as 10.0.0.0/8"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "off"]).default("info"),
  OTEL_EXPORTER_OTLP_TIMEOUT: z.coerce.number().int().min(100).max(MAX_EXPORT_TIMEOUT).optional(),
  ...identityProviderVariables,
  RATE_LIMIT_PUBLIC: limit(100),
  RATE_LIMIT_HEARTBEAT: limit(1),
  RATE_LIMIT_AUTH: limit(5),
  RATE_LIMIT_ADMIN: limit(1000),
  RATE_LIMIT_LICENSE: limit(60),
  RATE_LIMIT_DEVICE: limit(30),
  RATE_LIMIT_FAILURES: limit(30),
});

/** The schema with what the variables require of each other. */
const environmentSchema = schema.superRefine((environment, ctx) => {
  for (const [name, message] of findIdentityProviderProblems(environment)) {
    ctx.addIssue({ code: "custom", path: [name], message });
  }
});

export type Environment = z.infer<typeof schema>;

/** A complete configuration of a server or worker. */
export type Config = Environment & {
  DATABASE_URL: string;
  REDIS_URL: string;
  JWT_SECRET: string;
  ENCRYPTION_KEY: string;
  PUBLIC_URL: string;
  /** Set by `deno task dev` only: the server shows sent mail at /mailbox. */
  development?: boolean;
};

/** The secrets of the demo. They are public, so production refuses them. */
export const demoSecrets = {
  JWT_SECRET: "test_jwt_secret",
  ENCRYPTION_KEY: "demo_encryption_key_for_development",
} as const;

/** The secrets of a process, and how long each has to be in production. */
const secretLengths = {
  JWT_SECRET: MIN_SECRET_LENGTH,
  ENCRYPTION_KEY: MIN_SECRET_LENGTH,
  METRICS_TOKEN: MIN_TOKEN_LENGTH,
  BACKUP_KEY: MIN_SECRET_LENGTH,
} as const;

/** An invalid or missing variable. The message is printed to the operator. */
export class ConfigError extends Error {}

/**
 * Reads and validates the environment.
 *
 * @throws ConfigError naming every invalid variable
 */
export function readEnvironment(variables: Record<string, string | undefined> = ownVariables()): Environment {
  // Compose files set absent variables to an empty string.
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(present);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${String(issue.path[0])}: ${issue.message}`);
  throw new ConfigError(`These settings are wrong:\n${problems.join("\n")}`);
}

/** The variables of the schema, one by one: production tasks may read no others. */
function ownVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(schema.shape).map((name) => [name, Deno.env.get(name)]));
}

/**
 * The configuration of a production process.
 *
 * @throws ConfigError when a required variable is missing, a secret could be guessed, or traces would contain secrets or delay
 *   the end
 */
export function productionConfig(environment: Environment): Config {
  if (hasAutomaticSpans()) {
    throw new ConfigError(
      "Set OTEL_DENO_TRACING=false. The program records its spans itself; those that Deno adds contain whole " +
        "addresses, with license keys and tokens in them.",
    );
  }
  if (isTracing && environment.OTEL_EXPORTER_OTLP_TIMEOUT === undefined) {
    throw new ConfigError(
      "Set OTEL_EXPORTER_OTLP_TIMEOUT=1000 (milliseconds). Without it a process whose collector does not answer " +
        "ends 30 seconds late.",
    );
  }
  const required = ["DATABASE_URL", "REDIS_URL", "JWT_SECRET", "ENCRYPTION_KEY"] as const;
  const missing = required.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new ConfigError(
      `Set ${missing.join(", ")}. (To try Latchkey without setting anything: deno task dev)`,
    );
  }
  const weak = findWeakSecrets(environment);
  if (weak.length > 0) {
    throw new ConfigError(
      `These secrets could be guessed:\n${weak.map((line) => `  ${line}`).join("\n")}\n` +
        "Make a value of its own for each with: openssl rand -base64 32",
    );
  }
  return complete(environment as Config);
}

/** A line for each secret that is not one, without its value. */
function findWeakSecrets(environment: Environment): string[] {
  const published = Object.values(demoSecrets);
  const weak = Object.entries(secretLengths).flatMap(([name, minLength]) => {
    const value = environment[name as keyof typeof secretLengths];
    const weakness = value === undefined ? null : findSecretWeakness(value, minLength, published);
    return weakness ? [`${name} ${weakness}.`] : [];
  });
  const given = Object.keys(secretLengths).map((name) => environment[name as keyof typeof secretLengths])
    .filter((value) => value !== undefined);
  if (new Set(given).size < given.length) weak.push("Two of them have the same value.");
  return weak;
}

/** Where clients reach the server. */
export function publicUrlOf({ PUBLIC_URL, PORT }: Pick<Environment, "PUBLIC_URL" | "PORT">): string {
  return PUBLIC_URL ?? `http://localhost:${PORT}`;
}

/** Derives PUBLIC_URL where it is not set. */
export function complete(environment: Environment & Omit<Config, "PUBLIC_URL">): Config {
  return { ...environment, PUBLIC_URL: publicUrlOf(environment) };
}
