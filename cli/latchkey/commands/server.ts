// Commands for the machine of a server: they work on the databases of its settings, without a sign-in. What they do is loaded
// when one is called.
import type { Command } from "commander";
import { lazy } from "../../../server/domain/lazy.ts";
import { define, defineGroup, type Options, type Result } from "../define.ts";
import { CommandError } from "../exit_codes.ts";
import type { Rights } from "../rights.ts";
import { wholeNumber } from "../values.ts";

const loadMigrate = lazy(() => import("../server/migrate.ts"));
const loadBackup = lazy(() => import("../server/backup.ts"));
const loadDoctor = lazy(() => import("../server/doctor.ts"));
const loadHealth = lazy(() => import("../server/health.ts"));
const loadAdmin = lazy(() => import("../server/admin.ts"));
const loadSigningKey = lazy(() => import("../server/signing_key.ts"));
const loadEncryptionKey = lazy(() => import("../server/encryption_key.ts"));

type Run = (args: string[], options: Options) => Promise<Result>;

/** `migrate`, `backup` and the others work on this machine's settings. */
const local = (rights: Rights, run: Run) => ({ rights, run });

export function defineServerCommands(program: Command): void {
  program.commandsGroup("On the server's machine:");
  define(program, {
    name: "migrate",
    summary: "Bring the database of DATABASE_URL up to date",
    example: "migrate",
    ...local(
      "database",
      async (_, { json }) => await (await loadMigrate()).runMigrate(json),
    ),
  });
  defineBackupCommands(program);
  define(program, {
    name: "doctor",
    summary:
      "Check settings, databases, clocks, mail, webhooks and more, and say what to do; ends with 1 when a check fails",
    example: "doctor --mail you@example.com",
    options: [{ flags: "--mail <address>", description: "send a test mail there" }],
    ...local(
      "database",
      async (_, { mail }) => await (await loadDoctor()).runDoctor(mail ?? null),
    ),
  });
  define(program, {
    name: "health",
    summary: "Whether the server, or the worker, of this machine lives",
    example: "health --worker",
    options: [{ flags: "--worker", description: "the worker, at WORKER_METRICS_PORT" }],
    ...local(
      "database",
      async (_, { worker }) => await (await loadHealth()).runHealth(worker === true),
    ),
  });
  defineAdminCommands(program);
  defineKeyCommands(program);
}

function defineBackupCommands(program: Command): void {
  define(program, {
    name: "backup [folder]",
    summary: "Save the database to an encrypted file in the folder, or check one",
    example: "backup /var/backups/latchkey --keep 14",
    options: [
      {
        flags: "--keep <number>",
        description: "delete older backups of the folder beyond so many",
        parse: wholeNumber,
      },
      { flags: "--verify <file>", description: "restore it on the side, and compare" },
    ],
    ...local("backup", async ([folder], { keep, verify, json }) => {
      if (keep === 0 || verify !== undefined && (folder !== undefined || keep !== undefined)) {
        throw new CommandError("wrongUse", "--keep is from 1, and --verify stands alone.");
      }
      return await (await loadBackup()).backup({ folder, keep, verify }, json);
    }),
  });
  define(program, {
    name: "restore [file]",
    summary: "Restore a backup into the database of DATABASE_URL",
    example: "restore /var/backups/latchkey/latchkey-20261126T020000Z.sql.zst.age",
    options: [
      { flags: "--replace", description: "a database that is not empty" },
      { flags: "--keep-sign-ins", description: "sessions and links stay valid" },
      {
        flags: "--accept-unreadable-secrets",
        description: "restore the rest where ENCRYPTION_KEY opens not all",
      },
      {
        flags: "--recovered",
        description: "complete a recovery by PostgreSQL itself; the file is its erasures.json",
      },
    ],
    ...local("backup", async ([file], options) => {
      if (file === undefined && !options.recovered) throw new CommandError("wrongUse", "No backup is named.");
      return await (await loadBackup()).restore(file, options);
    }),
  });
}

function defineAdminCommands(program: Command): void {
  const admin = defineGroup(program, "admin", "Administrators, where none can sign in");
  const email = { flags: "--email <address>", description: "the account", isRequired: true };
  define(admin, {
    name: "create",
    summary: "Create an administrator; the password is asked for, or read from standard input",
    example: 'admin create --email you@example.com --name "Your Name"',
    options: [
      email,
      { flags: "--name <name>", description: "shown in the panel", isRequired: true },
      { flags: "--role <role>", description: "owner (by default), manager or viewer" },
    ],
    ...local(
      "database",
      async (_, options) => await (await loadAdmin()).createAdmin(options),
    ),
  });
  define(admin, {
    name: "reset-password",
    summary: "Replace a forgotten password; it ends all sessions of the account",
    example: "admin reset-password --email you@example.com",
    options: [email],
    ...local(
      "database",
      async (_, options) => await (await loadAdmin()).resetPassword(options),
    ),
  });
  define(admin, {
    name: "setup-link",
    summary: "Print a link to create the first owner in the browser",
    example: "admin setup-link",
    ...local("database", async () => await (await loadAdmin()).printSetupLink()),
  });
}

function defineKeyCommands(program: Command): void {
  const keys = defineGroup(
    program,
    "signing-key",
    "The keys that sign entitlement tokens, validations and license files",
  );
  const product = (isRequired: boolean) => ({
    flags: "--product <code>",
    description: isRequired ? "the product" : "the product; else the default key",
    isRequired,
  });
  const commands: [
    name: "list" | "announce" | "rotate" | "create" | "retire",
    summary: string,
    isRequired?: boolean,
  ][] = [
    ["list", "All keys"],
    ["announce", "Publish the key that signs after the next rotation", false],
    ["rotate", "Replace a key; what it signed stays valid", false],
    ["create", "A key of its own for a product", true],
    ["retire", "Return a product to the default key", true],
  ];
  for (const [name, summary, isRequired] of commands) {
    define(keys, {
      name,
      summary,
      example: `signing-key ${name}${isRequired ? " --product paint" : ""}`,
      options: isRequired === undefined ? [] : [product(isRequired)],
      ...local(
        "database",
        async (_, { product }) => await (await loadSigningKey()).runSigningKey(name, product ?? null),
      ),
    });
  }
  const encryption = defineGroup(program, "encryption-key", "The key of stored secrets");
  define(encryption, {
    name: "rotate",
    summary: "Encrypt stored secrets again after ENCRYPTION_KEY was replaced (ENCRYPTION_KEY_PREVIOUS)",
    example: "encryption-key rotate",
    ...local(
      "database",
      async () => await (await loadEncryptionKey()).rotateEncryptionKey(),
    ),
  });
}
