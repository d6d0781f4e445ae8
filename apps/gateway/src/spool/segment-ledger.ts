/**
 * Which segments may be deleted: oldest first, once the worker has committed their items and their calls are settled.
 * Until a hold's settlement is acknowledged, a successor needs the call's records to settle it; deleting in order keeps
 * every outcome for as long as its intent.
 */
export class SegmentLedger {
  readonly #segments = new Map<number, { lastSequence: number; openCalls: number }>();
  #current = 0;

  begin(index: number): void {
    this.#current = index;
    this.#segments.set(index, { lastSequence: 0, openCalls: 0 });
  }

  /** Notes that the current segment holds the intent of an open call; answers the segment, to give back once settled. */
  retain(): number {
    const segment = this.#segments.get(this.#current);
    if (segment) segment.openCalls++;
    return this.#current;
  }

  release(index: number): void {
    const segment = this.#segments.get(index);
    if (segment) segment.openCalls--;
  }

  noteSequence(sequence: number): void {
    const segment = this.#segments.get(this.#current);
    if (segment) segment.lastSequence = sequence;
  }

  /** Takes out and answers the segments that nobody needs, given the worker's watermark. The current one stays. */
  takeFinished(watermark: number): number[] {
    const finished: number[] = [];
    for (const [index, { lastSequence, openCalls }] of this.#segments) {
      if (index === this.#current || openCalls > 0 || lastSequence > watermark) break;
      finished.push(index);
      this.#segments.delete(index);
    }
    return finished;
  }
}
