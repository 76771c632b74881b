// The confirmation that a product's own key is retired.
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { Confirm } from "../../ui/Confirm.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { SigningKey } from "./signing_key.ts";

export function RetireDialog(props: { key: SigningKey | null; close(): void }) {
  return (
    <Confirm
      title={`Retire signing key of ${props.key?.productCode ?? "product"}`}
      name="retire"
      verb="Retire"
      isOpen={props.key !== null}
      close={props.close}
      run={async () => {
        await trpc.signingKeys.retire.mutate({ productId: props.key!.productId! });
        refresh("signingKeys", "events");
        toast(`Signing key of ${props.key!.productCode} retired.`);
      }}
    >
      The default key signs for this product on every server within a second. The private key is destroyed.
      What it signed remains valid until it expires, and its public key is published until the last of it has
      expired. This can't be undone.
    </Confirm>
  );
}
