// The ten lines of a client library, with the values of this server, ready to paste.
import { createEffect, createSignal, on, Show } from "solid-js";
import { CodeBlock } from "../../ui/Code.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import type { Library } from "./languages.ts";
import { fillIn, type LibraryValues, linesOf } from "./library_code.ts";
import { readmeOf } from "./readmes.ts";

export function LibrarySnippet(
  props: { library: Library; label: string; product: string; apiKey: string; licenseKey: string },
) {
  const [lines, setLines] = createSignal<string | null>(null);
  const [key, setKey] = createSignal<LibraryValues["key"] | null>(null);
  createEffect(on(() => props.library, async (library) => {
    setLines(null);
    const readme = await readmeOf(library);
    if (props.library === library) setLines(linesOf(readme, library));
  }));
  createEffect(on(() => props.product, async (product) => setKey(await publicKeyOf(product))));
  const text = () => {
    const [found, of] = [lines(), key()];
    return found && of && fillIn(found, { ...props, url: location.origin, key: of });
  };
  return (
    <>
      <Show when={text()} fallback={<div class="h-72" aria-hidden="true" />}>
        {(text) => <CodeBlock text={text()} label={`the code ${props.label}`} />}
      </Show>
      <ButtonLink
        variant="quiet"
        class="self-start"
        href={`/docs/libraries/${props.library.folder}`}
        outside
      >
        Install the library
      </ButtonLink>
    </>
  );
}

/** The key that signs for a product; its place where it cannot be had. */
async function publicKeyOf(product: string): Promise<LibraryValues["key"]> {
  try {
    const response = await fetch(`/.well-known/jwks/${encodeURIComponent(product)}.json`);
    const { keys: [key] } = await response.json();
    return key;
  } catch {
    return { kid: "YOUR_KEY_ID", x: "YOUR_PUBLIC_KEY" };
  }
}
