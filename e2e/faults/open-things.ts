const open: (() => Promise<void>)[] = [];

/** Notes what has to be closed if this run is told to end; answers the same close, which is then no longer noted. */
export function noteOpen(close: () => Promise<void>): () => Promise<void> {
  open.push(close);
  return () => {
    const index = open.indexOf(close);
    if (index !== -1) open.splice(index, 1);
    return close();
  };
}

/** On the first SIGINT or SIGTERM closes what is open, the latest first, and ends; on the second ends at once. */
export function closeOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(code));
      void closeAll().finally(() => process.exit(code));
    });
  }
}

async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) {
    await close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  }
}
