// Placeholder lines while content loads.

/** @param props.lines how many; 3 by default */
export function Skeleton(props: { lines?: number }) {
  return (
    <div class="flex flex-col gap-3" role="status" aria-label="Loading">
      {Array.from(
        { length: props.lines ?? 3 },
        (_, line) => (
          <span class={`h-4 animate-wait rounded-sm bg-sunken ${["w-full", "w-4/5", "w-3/5"][line % 3]}`} />
        ),
      )}
    </div>
  );
}
