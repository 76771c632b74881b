// The page for unknown paths.
import { addresses } from "../lib/addresses.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Page } from "../ui/Page.tsx";

export function NotFound() {
  return (
    <Page title="Page not found">
      <Empty
        title="Nothing at this address"
        actions={<ButtonLink href={addresses.dashboard()} variant="primary">Go to dashboard</ButtonLink>}
      >
        The link may be outdated or incomplete. Press Ctrl-K to search.
      </Empty>
    </Page>
  );
}
