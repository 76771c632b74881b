// Starts the panel.
import { z } from "zod";
import { render } from "solid-js/web";
import { App } from "./App.tsx";

// The content security policy forbids code made from text, which zod would otherwise try.
z.config({ jitless: true });
render(() => <App />, document.getElementById("panel")!);
