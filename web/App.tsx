// The root component: the query client, the router, the toasts, and what moves the focus and announces pages.
import { Router } from "@solidjs/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { queryClient } from "./lib/queries.ts";
import { Connection } from "./layout/Connection.tsx";
import { routes } from "./routes.tsx";
import { announcement, keepFocus } from "./ui/focus.ts";
import { Toasts } from "./ui/Toasts.tsx";

export function App() {
  keepFocus();
  return (
    <QueryClientProvider client={queryClient}>
      <Router root={Connection}>{routes}</Router>
      <Toasts />
      <p class="sr-only" aria-live="polite">{announcement()}</p>
    </QueryClientProvider>
  );
}
