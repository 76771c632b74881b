// The confirmation of a rotation, of the default key or that of a product.
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { Confirm } from "../../ui/Confirm.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { SigningKey } from "./signing_key.ts";

export function RotateDialog(props: { key: SigningKey | null; close(): void }) {
  const product = () => props.key?.productCode ?? null;
  return (
    <Confirm
      title={product() === null ? "Rotate signing key" : `Rotate signing key of ${product()}`}
      name="rotate"
      verb="Rotate"
      isOpen={props.key !== null}
      close={props.close}
      run={async () => {
        await trpc.signingKeys.rotate.mutate({ productId: props.key!.productId });
        refresh("signingKeys", "events");
        toast("The new key signs now.");
      }}
    >
      The announced key, or a new one, is used on every server within a second. The current key stops signing
      and its private key is destroyed. What it signed remains valid until it expires, and its public key is
      published until the last of it has expired. Apps with compiled-in public keys need the new one: announce
      it first. If it is announced already, it is the one that signs. This can't be undone.
    </Confirm>
  );
}
