// A sample of bounded size, fair to those who offer: while there is room everything is kept; then who has the most in it
// gives one up for who has less. Whether an item is kept is decided by counters, before it is made.

/** Who offers an item, or what it is about. */
export type SampleKey = number | string;

/** The items of one caller. */
interface Share {
  count: number;
  subjects: Map<SampleKey, number>;
  /** The most items about one subject. */
  largest: number;
}

interface Entry<Item> {
  caller: SampleKey;
  subject: SampleKey;
  item: Item;
}

export class FairSample<Item> {
  /** How many were offered. */
  seen = 0;
  #entries: Entry<Item>[] = [];
  #shares = new Map<SampleKey, Share>();
  /** The most items of one caller. */
  #largest = 0;

  /** @param size how many items it keeps */
  constructor(private readonly size: number) {}

  /** How many it has. */
  get kept(): number {
    return this.#entries.length;
  }

  /**
   * Counts an item that is offered. Callers are equal, and of each caller the subjects are.
   *
   * @returns whether it is to be added
   */
  admits(caller: SampleKey, subject: SampleKey): boolean {
    this.seen++;
    if (this.#entries.length < this.size) return true;
    const share = this.#shares.get(caller);
    if (share === undefined) return this.#largest > 1;
    if (share.count < this.#largest) return share.count + 1 < this.#largest;
    return (share.subjects.get(subject) ?? 0) + 1 < share.largest;
  }

  /** Adds an item that `admits` was true for just before. */
  add(caller: SampleKey, subject: SampleKey, item: Item): void {
    if (this.#entries.length >= this.size) this.#removeOne(caller);
    this.#entries.push({ caller, subject, item });
    let share = this.#shares.get(caller);
    if (!share) this.#shares.set(caller, share = { count: 0, subjects: new Map(), largest: 0 });
    share.count++;
    const about = (share.subjects.get(subject) ?? 0) + 1;
    share.subjects.set(subject, about);
    share.largest = Math.max(share.largest, about);
    this.#largest = Math.max(this.#largest, share.count);
  }

  /** Takes everything out and begins again. */
  take(): { items: Item[]; seen: number } {
    const taken = { items: this.#entries.map(({ item }) => item), seen: this.seen };
    this.#entries = [];
    this.#shares.clear();
    this.#largest = this.seen = 0;
    return taken;
  }

  /** Removes the latest item of the subject that has the most, of a caller that has the most: the one that offers, if it does. */
  #removeOne(offering: SampleKey): void {
    const hasMost = (caller: SampleKey) => this.#shares.get(caller)?.count === this.#largest;
    const loser = hasMost(offering) ? offering : [...this.#shares.keys()].find(hasMost)!;
    const share = this.#shares.get(loser)!;
    const index = this.#entries.findLastIndex(({ caller, subject }) =>
      caller === loser && share.subjects.get(subject) === share.largest
    );
    const [{ subject }] = this.#entries.splice(index, 1);
    share.count--;
    const about = share.subjects.get(subject)! - 1;
    if (about > 0) share.subjects.set(subject, about);
    else share.subjects.delete(subject);
    if (share.count === 0) this.#shares.delete(loser);
    share.largest = Math.max(0, ...share.subjects.values());
    this.#largest = Math.max(0, ...[...this.#shares.values()].map(({ count }) => count));
  }
}
