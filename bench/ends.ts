/** What has to be undone when a run is over, however it ends: the newest first, each once. */
export class Ends {
  #undo: (() => unknown)[] = [];
  #running: Promise<void> | null = null;

  push(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  /** Undoes everything, and throws the first failure after the last. */
  run(): Promise<void> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
