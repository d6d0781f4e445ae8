/** PostgreSQL array literals by hand: the client's own conversion costs more than the rest of a batch. */
export function numberArray(values: readonly (number | bigint | string)[]): string {
  return `{${values.join(',')}}`;
}

const plain = /^[\w:./-]+$/;

/** A literal of text[], written as it grows. */
export class TextArray {
  private text = '';

  static of(values: Iterable<string>): string {
    const array = new TextArray();
    for (const value of values) array.add(value);
    return array.literal();
  }

  add(value: string): void {
    if (this.text !== '') this.text += ',';
    // The unquoted word null, whatever its case, would be read as no value.
    const unquoted = value.length !== 4 && plain.test(value);
    this.text += unquoted ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  }

  literal(): string {
    return `{${this.text}}`;
  }
}
