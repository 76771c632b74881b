// The page for unknown paths.
import { addresses } from "../lib/addresses.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Empty } from "../ui/Empty.tsx";
import { Page } from "../ui/Page.tsx";

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty
        title="There is no page at this address"
        actions={<ButtonLink href={addresses.dashboard()} variant="primary">To the dashboard</ButtonLink>}
      >
        The link may be old or cut off. Search with Ctrl-K for what you are looking for.
      </Empty>
    </Page>
  );
}
