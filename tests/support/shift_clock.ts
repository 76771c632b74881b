// Preloaded by programs of the tests: shifts their wall clock by the milliseconds in the file CLOCK_SHIFT_FILE, which may
// change while they run. The monotonic clock stays as it is.
const file = Deno.env.get("CLOCK_SHIFT_FILE")!;
const read = () => Number(Deno.readTextFileSync(file)) || 0;
const realNow = Date.now;
let shift = read();
Deno.unrefTimer(setInterval(() => shift = read(), 10));

Date.now = () => realNow() + shift;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [target.now()], newTarget),
  apply: (target) => new target(target.now()).toString(),
});
