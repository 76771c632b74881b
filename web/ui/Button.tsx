// Buttons, and links that look like buttons. A disabled button stays focusable and says why it is disabled.
import { A } from "@solidjs/router";
import { type JSX, Show, splitProps } from "solid-js";
import { Tooltip } from "./Tooltip.tsx";

type Variant = "primary" | "plain" | "quiet" | "danger";

const shape =
  "inline-flex h-8 touch:h-11 shrink-0 items-center justify-center gap-1.5 rounded-md px-3 text-sm font-medium " +
  "whitespace-nowrap select-none transition-colors aria-disabled:opacity-55 not-aria-disabled:active:brightness-90 [&>svg]:size-4 [&>svg]:shrink-0";
const variants: Record<Variant, string> = {
  primary: "bg-accent text-on-accent not-aria-disabled:hover:brightness-110",
  plain: "border border-line bg-surface text-ink not-aria-disabled:hover:bg-sunken",
  quiet: "text-muted not-aria-disabled:hover:bg-sunken not-aria-disabled:hover:text-ink",
  danger: "border border-line bg-surface text-bad not-aria-disabled:hover:bg-bad-soft",
};

interface Common {
  variant?: Variant;
  /** The accessible name and tooltip of a button that shows only an icon. */
  label?: string;
  class?: string;
  children: JSX.Element;
}

export interface ButtonProps
  extends Common, Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "class" | "children"> {
  /** Why it is disabled; null or undefined enables it. */
  disabledReason?: string | null;
  /** Whether its action is running. */
  isBusy?: boolean;
  /** The object of a button that is repeated, for its accessible name: "Revoke Desktop app". */
  about?: string;
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, [
    "variant",
    "label",
    "class",
    "children",
    "disabledReason",
    "isBusy",
    "about",
    "onClick",
  ]);
  const isDisabled = () => Boolean(own.disabledReason) || own.isBusy;
  const button = (
    <button
      type="button"
      {...rest}
      class={`${shape} ${variants[own.variant ?? "plain"]} ${own.label ? "px-0 w-8 touch:w-11" : ""} ${
        own.class ?? ""
      }`}
      aria-disabled={isDisabled() ? "true" : undefined}
      aria-label={own.label}
      aria-busy={own.isBusy ? "true" : undefined}
      onClick={(event) => {
        if (isDisabled()) event.preventDefault();
        else if (typeof own.onClick === "function") own.onClick(event);
      }}
    >
      {own.children}
      <Show when={own.about}>
        <span class="sr-only">{` ${own.about}`}</span>
      </Show>
    </button>
  );
  // Decided once: a button that moves into a tooltip later would lose the focus.
  return "disabledReason" in props || "label" in props
    ? <Tooltip text={own.disabledReason ?? own.label ?? null}>{button}</Tooltip>
    : button;
}

export function ButtonLink(
  props: Common & {
    href: string;
    disabledReason?: string | null;
    outside?: boolean;
    download?: boolean;
    onClick?: () => void;
  },
) {
  const variantClass = () =>
    `${shape} ${variants[props.variant ?? "plain"]} ${props.label ? "px-0 w-8 touch:w-11" : ""} ${
      props.class ?? ""
    }`;
  return (
    <Show
      when={!props.disabledReason}
      fallback={
        <Button
          variant={props.variant}
          label={props.label}
          disabledReason={props.disabledReason}
          class={props.class}
        >
          {props.children}
        </Button>
      }
    >
      <Show
        when={props.outside || props.download}
        fallback={
          <A
            href={props.href}
            class={variantClass()}
            aria-label={props.label}
            onClick={() => props.onClick?.()}
          >
            {props.children}
          </A>
        }
      >
        {/* Pages and files of the server are not handled by the router. */}
        <a
          href={props.href}
          class={variantClass()}
          aria-label={props.label}
          rel="external"
          target={props.outside ? "_blank" : undefined}
          download={props.download ? "" : undefined}
        >
          {props.children}
        </a>
      </Show>
    </Show>
  );
}
