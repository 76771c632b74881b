// Shows a page to owners only. Other roles see an explanation, and no query is sent.
import { type JSX, Show } from "solid-js";
import { formatWord } from "../../lib/format.ts";
import { hasRole, me } from "./session.ts";
import { Empty } from "../../ui/Empty.tsx";
import { Page } from "../../ui/Page.tsx";

export function OwnersOnly(props: { title: string; children: JSX.Element }) {
  return (
    <Show
      when={hasRole("owner")}
      fallback={
        <Page title={props.title}>
          <Empty title="Requires the Owner role">
            Your role is {formatWord(me()?.role ?? "none")}. Ask an owner for access.
          </Empty>
        </Page>
      }
    >
      {props.children}
    </Show>
  );
}
