// Values that are there at once when they are cached, and else have to be waited for.

export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value: now if it is there, without a promise, else when it has arrived. */
export function whenKnown<T, Result>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
