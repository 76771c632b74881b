// For Node, Deno and the main processes of Electron and Tauri: the file in which the license is kept, and the machine's device.
export { fileStorage } from "./node/file_storage.ts";
export { machineDevice } from "./node/machine.ts";
