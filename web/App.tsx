// The root component: the query client, the router and the toasts.
import { Router } from "@solidjs/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { queryClient } from "./lib/queries.ts";
import { Connection } from "./layout/Connection.tsx";
import { routes } from "./routes.tsx";
import { Toasts } from "./ui/Toasts.tsx";

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Router root={Connection}>{routes}</Router>
      <Toasts />
    </QueryClientProvider>
  );
}
