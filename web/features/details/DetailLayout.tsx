// The layout of the page of an object that can be deleted and restored: a summary and the form on the left, what
// belongs to it on the right.
import type { ComponentProps, JSX } from "solid-js";
import { Card } from "../../ui/Card.tsx";
import { type Detail, DetailList } from "../../ui/DetailList.tsx";
import { Page, type PageProps } from "../../ui/Page.tsx";
import { TwoColumns } from "../../ui/TwoColumns.tsx";
import { DeletedBadge } from "../deletion/DeletedBadge.tsx";
import { DeleteOrRestore } from "../deletion/DeleteOrRestore.tsx";

/**
 * @param props.object what the button deletes or restores
 * @param props.list the list that the object belongs to
 * @param props.title of the page; the object's name by default
 * @param props.badges after the title; by default "Deleted" when it is
 * @param props.actions further buttons, after the one that deletes
 * @param props.summary the rows of the card "Details" at the top left
 * @param props.aside the form and notes, below the summary
 * @param props.children the right column
 */
export function DetailLayout(
  props: Pick<PageProps, "heading" | "badges" | "state"> & {
    object: ComponentProps<typeof DeleteOrRestore>["object"];
    list: { href: string; title: string };
    title?: string;
    actions: JSX.Element;
    summary: Detail[];
    aside: JSX.Element;
    children: JSX.Element;
  },
) {
  return (
    <Page
      title={props.title ?? props.object.name}
      heading={props.heading}
      badges={props.badges ?? <DeletedBadge at={props.object.deletedAt} />}
      back={props.list}
      state={props.state}
      actions={
        <>
          <DeleteOrRestore object={props.object} list={props.list.href} />
          {props.actions}
        </>
      }
    >
      <TwoColumns
        aside={
          <>
            <Card title="Details">
              <DetailList items={props.summary} />
            </Card>
            {props.aside}
          </>
        }
      >
        {props.children}
      </TwoColumns>
    </Page>
  );
}
