// Every dialect of the server. To add one, write its folder and add it here.
import type { DialectModule } from "../request/dialect_module.ts";
import { licenseApi } from "./license_api/license_api.ts";
import { uploadBridge } from "./upload_bridge/upload_bridge.ts";

export const dialects: DialectModule[] = [
  licenseApi,
  uploadBridge,
];
