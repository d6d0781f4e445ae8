/** PostgreSQL array literals by hand: the client's own conversion costs more than the rest of a batch. */
export function numberArray(values: readonly (number | bigint | string)[]): string {
  return `{${values.join(',')}}`;
}

const plain = /^[\w:./-]+$/;

/** A value as it stands in a literal of text[]. */
export function textElement(value: string): string {
  // The unquoted word null, whatever its case, would be read as no value.
  const unquoted = value.length !== 4 && plain.test(value);
  return unquoted ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** A literal of bigint[], written as it grows. Neighbours are often equal, and a bigint is dear to write. */
export class AmountArray {
  private text = '';
  private last: bigint | null = null;
  private lastText = '';

  add(amount: bigint): void {
    if (amount !== this.last) {
      this.last = amount;
      this.lastText = amount.toString();
    }
    this.text = this.text === '' ? this.lastText : `${this.text},${this.lastText}`;
  }

  literal(): string {
    return `{${this.text}}`;
  }
}

/** A literal of text[], written as it grows. */
export class TextArray {
  private text = '';

  static of(values: Iterable<string>): string {
    const array = new TextArray();
    for (const value of values) array.add(value);
    return array.literal();
  }

  add(value: string): void {
    this.addElement(textElement(value));
  }

  /** Adds what `textElement` answered: for values that are added again and again. */
  addElement(element: string): void {
    this.text = this.text === '' ? element : `${this.text},${element}`;
  }

  literal(): string {
    return `{${this.text}}`;
  }
}
