// The confirmation that the next key is announced, of the default key or that of a product.
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { Confirm } from "../../ui/Confirm.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { SigningKey } from "./signing_key.ts";

export function AnnounceDialog(props: { key: SigningKey | null; close(): void }) {
  return (
    <Confirm
      title={`Announce next signing key${props.key?.productCode ? ` of ${props.key.productCode}` : ""}`}
      name="announce"
      verb="Announce"
      isOpen={props.key !== null}
      close={props.close}
      run={async () => {
        await trpc.signingKeys.announce.mutate({ productId: props.key!.productId });
        refresh("signingKeys", "events");
        toast("Next signing key announced.");
      }}
    >
      A new key is created and published beside the current one. It signs nothing until you rotate. Publish a
      version of your app that has both public keys, and rotate once that version is in use.
    </Confirm>
  );
}
