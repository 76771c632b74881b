// Checks of what is reached over the network: the mail server, the public address, the identity provider; and of the panel's
// files and the disk of this machine.
import { statfs } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import type { Config } from "../../server/config.ts";
import { openIdentityProvider } from "../../server/request/identity_provider.ts";
import { openLog } from "../../server/request/log.ts";
import { attempt, failure, type Finding, ok, warning } from "./check.ts";

/** Milliseconds. */
const TIMEOUT = 5000;
/** Below so many bytes and this share of the disk it is called full. */
const LITTLE_SPACE = 1024 ** 3;
const SMALL_SHARE = 0.05;

/** @param testMailTo an address that a test mail is sent to; null for none */
export async function checkServices(config: Config, testMailTo: string | null): Promise<Finding[]> {
  const checks = [
    checkMail(config, testMailTo),
    checkPublicAddress(config),
    checkIdentityProvider(config),
    checkPanel(),
    checkDisk(),
  ];
  return (await Promise.all(checks)).flat();
}

async function checkMail(config: Config, testMailTo: string | null): Promise<Finding[]> {
  if (!config.SMTP_URL) {
    const next = "Set SMTP_URL and MAIL_FROM: invitations, forgotten passwords and alerts wait until then.";
    return [warning("mail server", "None is configured.", next)];
  }
  const transport = createTransport({
    url: config.SMTP_URL,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  });
  const next = "Check SMTP_URL: host, port, smtp or smtps, user and password.";
  try {
    return await attempt("mail server", next, async () => {
      await transport.verify();
      if (testMailTo === null) return ok("mail server", "Takes mail from here.");
      await transport.sendMail({
        from: config.MAIL_FROM,
        to: testMailTo,
        subject: "Test mail of Latchkey",
        text: "The mail server takes mail from here.\n",
      });
      return ok("mail server", `Took a test mail to ${testMailTo}.`);
    });
  } finally {
    transport.close();
  }
}

function checkPublicAddress({ PUBLIC_URL }: Config): Promise<Finding[]> {
  const next = "Start the server, and check the proxy, its certificate and the name in the DNS.";
  return attempt("public address", next, async () => {
    const url = new URL("/health", PUBLIC_URL).href;
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT), redirect: "manual" });
    await response.body?.cancel();
    return response.status === 200
      ? ok("public address", `${url} answers.`)
      : failure("public address", `${url} answers ${response.status}.`, next);
  });
}

async function checkIdentityProvider(config: Config): Promise<Finding[]> {
  const provider = openIdentityProvider(config, openLog("off"), null);
  if (provider === null) return [];
  const { issuer, problem } = await provider.state();
  const next =
    "Check OIDC_ISSUER and that this machine reaches it; see docs/operations/identity_provider.md.";
  return [
    problem === null
      ? ok("identity provider", `${issuer} answers.`)
      : failure("identity provider", `${issuer}: ${problem}`, next),
  ];
}

function checkPanel(): Promise<Finding[]> {
  const next = "Run: deno task build";
  return attempt("panel", next, async () => {
    const index = fileURLToPath(new URL("../../web/dist/index.html", import.meta.url));
    const isBuilt = await Deno.stat(index).then(({ isFile }) => isFile, () => false);
    return isBuilt ? ok("panel", "Is built.") : failure("panel", "Is not built.", next);
  });
}

/** The disk of this program; that of the database may be another one. */
function checkDisk(): Promise<Finding[]> {
  const next = "Free some space on this machine's disk.";
  return attempt("disk", next, async () => {
    const { bavail, blocks, bsize } = await statfs(fileURLToPath(new URL("../../", import.meta.url)));
    const free = bavail * bsize;
    const found = `${(free / 1024 ** 3).toFixed(1)} GiB are free on the disk of this program.`;
    return free < LITTLE_SPACE || bavail < SMALL_SHARE * blocks
      ? warning("disk", found, next)
      : ok("disk", found);
  });
}
