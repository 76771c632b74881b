// A provider that answers with whatever a test makes: ID tokens that are forged, expired or of another request.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

interface Secrets {
  answer(): Promise<string> | string;
  /** How clients authenticate; undefined when its metadata say nothing. */
  authentication: string[] | undefined;
  used: Set<string>;
  /** Of the newest request for a token: the form, and the header. */
  lastRequest: URLSearchParams;
  lastAuthorization: string | undefined;
}

/** Starts the provider; `answer` makes the ID token of the next code. */
export async function startHostileProvider(clientId: string) {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const other = await generateKeyPair("RS256", { extractable: true });
  const secrets: Secrets = {
    answer: () => "",
    authentication: ["client_secret_post"],
    used: new Set(),
    lastRequest: new URLSearchParams(),
    lastAuthorization: undefined,
  };
  const http = createServer(async (request, response) => {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    switch (request.url) {
      case "/.well-known/openid-configuration":
        return json(200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          // It claims to support what must never be accepted.
          id_token_signing_alg_values_supported: ["RS256", "none", "HS256"],
          token_endpoint_auth_methods_supported: secrets.authentication,
          authorization_response_iss_parameter_supported: true,
        });
      case "/jwks":
        return json(200, { keys: [{ ...await exportJWK(publicKey), kid: "k", alg: "RS256", use: "sig" }] });
      case "/token": {
        let body = "";
        for await (const chunk of request) body += chunk;
        secrets.lastRequest = new URLSearchParams(body);
        secrets.lastAuthorization = request.headers.authorization;
        const code = secrets.lastRequest.get("code")!;
        if (secrets.used.has(code)) return json(400, { error: "invalid_grant" });
        secrets.used.add(code);
        return json(200, { access_token: "a", token_type: "bearer", id_token: await secrets.answer() });
      }
      default:
        return json(404, {});
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    issuer,
    secrets,
    /** An ID token that is right but for what is given. */
    sign(claims: JWTPayload, options: { foreignKey?: boolean; alg?: string; secret?: string } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: clientId, iat: now, exp: now + 300, ...claims };
      if (options.alg === "none") {
        const part = (value: unknown) =>
          btoa(JSON.stringify(value)).replace(/=+$/, "")
            .replaceAll("+", "-").replaceAll("/", "_");
        return `${part({ alg: "none" })}.${part(payload)}.`;
      }
      if (options.secret) {
        return new SignJWT(payload).setProtectedHeader({ alg: "HS256", kid: "k" })
          .sign(new TextEncoder().encode(options.secret));
      }
      return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "k" })
        .sign(options.foreignKey ? other.privateKey : privateKey);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
