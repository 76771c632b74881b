// The body of a detail page: a narrow column beside a wide one; below each other on small screens.
import type { JSX } from "solid-js";

/**
 * @param props.aside the narrow column
 * @param props.children the wide column
 */
export function TwoColumns(props: { aside: JSX.Element; children: JSX.Element }) {
  return (
    <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,23rem)_minmax(0,1fr)]">
      <div class="flex min-w-0 flex-col gap-4">{props.aside}</div>
      <div class="flex min-w-0 flex-col gap-4">{props.children}</div>
    </div>
  );
}
