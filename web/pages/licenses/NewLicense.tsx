// The page that issues licenses. The id of a running job is kept in the URL.
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { Page } from "../../ui/Page.tsx";
import { IssueForm } from "./IssueForm.tsx";
import { IssueProgress } from "./IssueProgress.tsx";

export function NewLicense() {
  const [state] = useAddressState({ job: undefined as string | undefined });
  const jobId = () => /^[1-9]\d{0,15}$/.test(state.job ?? "") ? Number(state.job) : null;
  return (
    <Page
      title={jobId() ? "Creating licenses" : "New license"}
      back={{ href: addresses.licenses(), title: "Licenses" }}
    >
      <Show when={jobId()} keyed fallback={<IssueForm />}>
        {(id) => <IssueProgress id={id} />}
      </Show>
    </Page>
  );
}
