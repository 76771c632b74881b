// What commands may do. The task `latchkey` has the permissions that all commands need together; before a command does
// anything, it gives up those that its group does not need.
import { environment } from "./environment.ts";
import { sessionFolder } from "./session_file.ts";

/**
 * `remote` calls a server over the network; `database` works on the databases of this machine's settings; `backup` reads and
 * writes backups as well; `none` only prints.
 */
export type Rights = "remote" | "database" | "backup" | "none";

/** What each group does without. */
const given: Record<Rights, Deno.PermissionDescriptor[]> = {
  // No secret of a server, no native code.
  remote: [{ name: "env" }, { name: "sys" }, { name: "ffi" }, { name: "run" }],
  // No token of a person, no file to write.
  database: [{ name: "write" }, { name: "run" }],
  backup: [{ name: "run" }],
  none: [{ name: "env" }, { name: "net" }, { name: "sys" }, { name: "ffi" }, { name: "run" }, {
    name: "write",
  }],
};

/** Folders of backups that the task may use. */
const backupFolders = ["/backups", "/var/backups/latchkey"];

/** Gives up what the group does not need. What was granted for all files at once is not given up in parts. */
export function giveUpRights(rights: Rights): void {
  const isServers = rights === "database" || rights === "backup";
  const paths = isServers
    ? [sessionFolder(), rights === "backup" ? environment.INIT_CWD ?? null : null]
    : backupFolders;
  if (isServers) Deno.permissions.revokeSync({ name: "env", variable: "LATCHKEY_TOKEN" });
  for (const path of paths) {
    if (path === null) continue;
    if (path !== environment.INIT_CWD) Deno.permissions.revokeSync({ name: "read", path });
    Deno.permissions.revokeSync({ name: "write", path });
  }
  for (const permission of given[rights]) Deno.permissions.revokeSync(permission);
}
