// Every dialect of the server, one a line. To add one, write its folder and export its module here.
export { licenseApi } from "./license_api/license_api.ts";
export { uploadBridge } from "./upload_bridge/upload_bridge.ts";
