import type { StatePort } from '@tollwright/state';

/** How long each settled payment took from the verdict that it is good, in ms, in the order of its settlement, as far as shipped. */
export async function settleTimes(state: StatePort): Promise<readonly number[]> {
  const settled = new Map<string, { readonly atMs: number; readonly tookMs: number }>();
  for (const { spoolId } of await state.spools.list()) {
    for (const { item } of await state.inbox.read(spoolId, 0, 10_000)) {
      if (item?.kind !== 'payment') continue;
      const { paymentId, verifiedAt, settledAt } = item.payment;
      if (verifiedAt === null || settledAt === null) continue;
      const atMs = Date.parse(settledAt);
      settled.set(paymentId, { atMs, tookMs: atMs - Date.parse(verifiedAt) });
    }
  }
  return [...settled.values()].sort((a, b) => a.atMs - b.atMs).map(({ tookMs }) => tookMs);
}
