import { resourceMissing } from './errors.ts';

/** Objects of one kind in the order in which they were made. `kind` is how messages name one. */
export class Table<T extends { readonly id: string }> {
  readonly kind: string;
  readonly #rows = new Map<string, T>();

  constructor(kind: string) {
    this.kind = kind;
  }

  insert(row: T): T {
    this.#rows.set(row.id, row);
    return row;
  }

  find(id: string): T | undefined {
    return this.#rows.get(id);
  }

  /** The object with an id. Throws `resource_missing`: 404, or 400 when a parameter is named. */
  get(id: string, param?: string): T {
    const row = this.#rows.get(id);
    if (row === undefined) throw resourceMissing(this.kind, id, param);
    return row;
  }

  delete(id: string): void {
    this.#rows.delete(id);
  }

  /** Newest first. */
  newestFirst(): T[] {
    return [...this.#rows.values()].reverse();
  }
}
