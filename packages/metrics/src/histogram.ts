import type { Sample } from './exposition.ts';

/** Counts values by upper bounds, which grow. Noting a value allocates nothing. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than bounds: what is above all of them. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at++;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += value;
  }

  /** Buckets, sum and count, as a family of the type `histogram` has them. */
  samples(): Sample[] {
    let count = 0;
    const samples = [...this.#counts].map((counted, at): Sample => {
      count += counted;
      const bound = this.#bounds[at];
      return { suffix: '_bucket', labels: { le: bound === undefined ? '+Inf' : String(bound) }, value: count };
    });
    samples.push({ suffix: '_sum', value: this.#sum }, { suffix: '_count', value: count });
    return samples;
  }
}
