// Checks of the configuration alone: values, strength of secrets, proxies.
import { type Config, type Environment, productionConfig, readEnvironment } from "../../server/config.ts";
import { createAddressFinder } from "../../server/request/client_address.ts";
import { failure, type Finding, messageOf, ok, warning } from "./check.ts";

/** The configuration; null when it is not valid or not complete. */
export function checkConfiguration(
  variables?: Record<string, string | undefined>,
): { config: Config | null; findings: Finding[] } {
  let environment: Environment;
  try {
    environment = readEnvironment(variables);
  } catch (error) {
    const next = "Correct the named variables; docs/configuration.md describes them.";
    return { config: null, findings: [failure("configuration", messageOf(error), next)] };
  }
  const findings = [ok("configuration", "Every variable that is set has a valid value.")];
  try {
    const config = productionConfig(environment);
    findings.push(ok("secrets", "All are set, long and varied."));
    return { config, findings: [...findings, checkPublicUrl(config), checkProxies(config)] };
  } catch (error) {
    const next = "Set them for every server and worker; openssl rand -base64 32 makes a secret.";
    return { config: null, findings: [...findings, failure("secrets", messageOf(error), next)] };
  }
}

function checkPublicUrl({ PUBLIC_URL }: Config): Finding {
  const check = "public URL";
  const { protocol, hostname, pathname } = new URL(PUBLIC_URL);
  if (pathname !== "/") {
    return failure(check, `${PUBLIC_URL} has a path.`, "Set PUBLIC_URL to scheme and host alone.");
  }
  if (["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
    const next = "Set PUBLIC_URL to the address that clients use; links in mails lead there.";
    return warning(check, `${PUBLIC_URL} is this machine.`, next);
  }
  if (protocol !== "https:") {
    const next = "Put a proxy with TLS in front and set PUBLIC_URL to its https address.";
    return failure(check, `${PUBLIC_URL} is not https: passwords and keys can be read on the way.`, next);
  }
  return ok(check, `${PUBLIC_URL} is https.`);
}

function checkProxies({ TRUSTED_PROXIES: proxies, PUBLIC_URL, LISTENER }: Config): Finding {
  const check = "trusted proxies";
  try {
    createAddressFinder(proxies);
  } catch (error) {
    const next = "List addresses and networks, such as 10.0.0.0/8, separated by commas.";
    return failure(check, `TRUSTED_PROXIES cannot be read: ${messageOf(error)}`, next);
  }
  if (proxies.some((text) => /\/0$/.test(text))) {
    const next = "List the proxies alone: now every client can choose the address it is limited by.";
    return failure(check, "TRUSTED_PROXIES contains every address.", next);
  }
  const needsProxy = PUBLIC_URL.startsWith("https:") || LISTENER === "deno";
  if (proxies.length === 0 && needsProxy) {
    const next =
      "Set TRUSTED_PROXIES to the proxy's address: now all clients share the limits of one address.";
    return warning(check, "None, although clients come through a proxy.", next);
  }
  return ok(check, proxies.length === 0 ? "None." : `${proxies.join(", ")}.`);
}
