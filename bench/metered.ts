import type { StatePort } from '@tollwright/state';

const PRICE_NANO_USD = 610_000n;
const PATIENCE_MS = 30_000;

/** Every timed call was metered once, was charged its price, and holds nothing. */
export async function proveMetered(state: StatePort, calls: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const events = await countEvents(state);
    const counter = (await state.counters.read('c:cus_timed')).find(({ node }) => node === 'budget:agt_timed');
    if (events === calls && counter?.held === 0n && counter.spent === PRICE_NANO_USD * BigInt(calls)) {
      process.stdout.write(
        `metered: ${events} events for ${calls} calls; budget spent ${counter.spent} = ${calls} x ${PRICE_NANO_USD} nano-USD; held 0\n`,
      );
      return;
    }
    if (Date.now() > deadline)
      throw new Error(`${events} events for ${calls} calls; counter ${counter?.spent} spent, ${counter?.held} held`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

async function countEvents(state: StatePort): Promise<number> {
  const seen = new Set<string>();
  for (const spoolId of await state.inbox.pending()) {
    let after = 0;
    for (;;) {
      const items = await state.inbox.read(spoolId, after, 5000);
      for (const { sequence, item } of items) {
        after = sequence;
        if (item?.kind === 'usage' && item.event.customerId === 'cus_timed') seen.add(item.event.eventId);
      }
      if (items.length < 5000) break;
    }
  }
  return seen.size;
}
