// What of Electron its main process in sdk/typescript/example uses, for Node: windows are lines of standard input and output.
const { createInterface } = require("node:readline");

const handlers = new Map();
const listeners = [];
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Each line is an invocation of a window, `{ channel, args }`, answered with `{ result }` or `{ error }`. */
async function answer() {
  for await (const line of createInterface({ input: process.stdin })) {
    const { channel, args } = JSON.parse(line);
    try {
      // Electron copies what is passed between processes.
      write({ result: structuredClone(await handlers.get(channel)({}, ...args)) });
    } catch (error) {
      write({ error: String(error) });
    }
  }
  for (const listener of listeners) listener();
}

class BrowserWindow {
  static #windows = [];

  webContents = { send: (channel, ...args) => write({ channel, args: structuredClone(args) }) };

  static getAllWindows() {
    return BrowserWindow.#windows;
  }

  loadFile() {
    BrowserWindow.#windows.push(this);
    void answer();
    write({ channel: "loaded" });
    return Promise.resolve();
  }
}

const app = {
  whenReady: () => new Promise((resolve) => setImmediate(resolve)),
  getVersion: () => "2.1.0",
  getPath: () => process.env.USER_DATA,
  on: (_event, listener) => listeners.push(listener),
};

const ipcMain = { handle: (channel, handler) => handlers.set(channel, handler) };

module.exports = { app, BrowserWindow, ipcMain };
