// The root path redirects to the dashboard.
import { Navigate } from "@solidjs/router";
import { addresses } from "../lib/addresses.ts";

export function Home() {
  return <Navigate href={addresses.dashboard()} />;
}
