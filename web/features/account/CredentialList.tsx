// The list of an administrator's own credentials, each with a button that removes it.
import { For, type JSX } from "solid-js";
import { Button } from "../../ui/Button.tsx";
import { DeleteIcon } from "../../ui/icons.ts";

/**
 * @param props.empty shown when there are none
 * @param props.removeVerb what the button does: "Remove" is read out as "Remove Work laptop"
 * @param props.children renders the dates of a credential
 */
export function CredentialList<Credential extends { name: string }>(
  props: {
    credentials: Credential[];
    empty: string;
    removeVerb: string;
    remove(credential: Credential): void;
    children: (credential: Credential) => JSX.Element;
  },
) {
  return (
    <ul class="-my-2 divide-y divide-line text-sm">
      <For each={props.credentials} fallback={<li class="py-2 text-muted">{props.empty}</li>}>
        {(credential) => (
          <li class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span class="min-w-0 flex-1 basis-40 font-medium break-words">{credential.name}</span>
            {props.children(credential)}
            <Button
              variant="quiet"
              label={`${props.removeVerb} ${credential.name}`}
              onClick={() => props.remove(credential)}
            >
              <DeleteIcon />
            </Button>
          </li>
        )}
      </For>
    </ul>
  );
}
