/** Distinct values under indexes from 1, in the order of their first appearance. */
export class Interned<T> {
  readonly values: T[] = [];
  private readonly indexes = new Map<T, number>();

  index(value: T): number {
    const known = this.indexes.get(value);
    if (known !== undefined) return known;
    const next = this.values.push(value);
    this.indexes.set(value, next);
    return next;
  }
}

/** The same for pairs, without making a key of the two. */
export class PairInterned<A, B> {
  readonly firsts: A[] = [];
  readonly seconds: B[] = [];
  private readonly indexes = new Map<A, Map<B, number>>();

  index(first: A, second: B): number {
    let within = this.indexes.get(first);
    if (!within) {
      within = new Map();
      this.indexes.set(first, within);
    }
    const known = within.get(second);
    if (known !== undefined) return known;
    this.firsts.push(first);
    const next = this.seconds.push(second);
    within.set(second, next);
    return next;
  }
}
