// A page for owners: who is none reads why it is empty, and nothing is asked for that would be refused.
import { type JSX, Show } from "solid-js";
import { may, me } from "../lib/session.ts";
import { Empty } from "./Empty.tsx";
import { Page } from "./Page.tsx";

export function OwnersOnly(props: { title: string; children: JSX.Element }) {
  return (
    <Show
      when={may("owner")}
      fallback={
        <Page title={props.title}>
          <Empty title="This page is for owners">
            Your role is {me()?.role ?? "none"}. Ask an owner to do it for you, or to make you one.
          </Empty>
        </Page>
      }
    >
      {props.children}
    </Show>
  );
}
