/** Holds answers back until it is opened, so that a test can decide all calls before the first of them ends. */
export class Gate {
  #closed = false;
  #waiting: (() => void)[] = [];

  get closed(): boolean {
    return this.#closed;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    for (const release of this.#waiting.splice(0)) release();
  }

  async pass(): Promise<void> {
    if (this.#closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
