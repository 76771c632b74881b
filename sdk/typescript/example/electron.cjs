// The main process of an Electron app with a license: it alone has the client, and its windows ask it. The settings are
// environment variables, which a real app compiles in.
const { join } = require("node:path");
const { app, BrowserWindow, ipcMain } = require("electron");

const { LATCHKEY_URL, LATCHKEY_API_KEY, LATCHKEY_PRODUCT, LATCHKEY_KEYS } = process.env;

async function openLicense() {
  // The library is an ES module. `require` loads one since Node 20.19 and Electron 35, `import` everywhere.
  const { LicenseClient } = await import("@latchkey/client");
  const { fileStorage, machineDevice } = await import("@latchkey/client/node");
  return new LicenseClient({
    url: LATCHKEY_URL,
    apiKey: LATCHKEY_API_KEY,
    product: LATCHKEY_PRODUCT,
    version: app.getVersion(),
    released: "2026-02-15",
    publicKeys: JSON.parse(LATCHKEY_KEYS),
    device: await machineDevice(LATCHKEY_PRODUCT),
    storage: fileStorage(join(app.getPath("userData"), "license.json")),
  });
}

/** What windows need; errors do not pass between processes as they are. */
const shown = ({ state, usable, reason, error }) => ({ state, usable, reason, error: error?.code ?? null });

app.whenReady().then(async () => {
  const license = await openLicense();
  ipcMain.handle("license status", async () => shown(await license.status()));
  ipcMain.handle("license activate", async (_event, key) => shown(await license.activate(key)));
  ipcMain.handle("license list", async (_event, list) => shown(await license.installStatusList(list)));
  license.onChange((status) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send("license", shown(status));
  });
  await license.start();
  app.on("before-quit", () => license.stop());
  await new BrowserWindow().loadFile("index.html");
});
