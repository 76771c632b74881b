// Starts the panel.
import { render } from "solid-js/web";
import { App } from "./App.tsx";
import { repairBrowserLanguage } from "./lib/browser_language.ts";

repairBrowserLanguage();
render(() => <App />, document.getElementById("panel")!);
