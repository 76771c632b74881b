// The Upload Bridge API v2, as documented in the second document.
import type { DialectModule } from "../../request/dialect_module.ts";
import { deviceCalls } from "./device_calls.ts";
import { uploadBridgeForm } from "./form.ts";
import { createUserGuards } from "./guards.ts";
import { keyCalls } from "./key_calls.ts";
import { licenseCalls } from "./license_calls.ts";
import { openCalls } from "./open_calls.ts";
import { signInCalls } from "./sign_in_calls.ts";

export const uploadBridge: DialectModule = {
  name: "upload_bridge",
  prefixes: ["/api/v2", "/.well-known"],
  securitySchemes: {
    session: { type: "http", scheme: "bearer", description: "The session_token of the sign-in response" },
  },
  tags: [
    { name: "Upload Bridge API", description: "Status and public keys of the Upload Bridge API." },
    { name: "Authentication", description: "Sign-in of users of apps." },
    { name: "User licenses", description: "Licenses, features and updates of the signed-in user." },
    { name: "User devices", description: "Devices of the signed-in user." },
  ],
  form: uploadBridgeForm,
  cors: true,
  endpoints({ guards, limits }) {
    const users = createUserGuards(limits);
    return [
      ...openCalls(guards),
      ...keyCalls(guards),
      ...signInCalls(users, limits),
      ...licenseCalls(users, limits),
      ...deviceCalls(users, limits),
    ];
  },
};
