/** What each plant replaces, in which built file. */
export const edits = {
  // Every call is granted without asking the store.
  'skip-reserve': [
    {
      file: 'apps/gateway/dist/pipeline/reserve.js',
      text: 'const reply = await ask(visit, tag, call);',
      replacement: `const reply = {
        kind: 'granted',
        windows: [],
        nodes: call.nodes.map(({ node, period, limit }) => ({
          ...{ node, period, limit, spent: 0n, held: 0n, endsAtMs: null },
          periodId: new Date().toISOString().slice(0, 7),
        })),
      };`,
    },
  ],
  // Calls are forwarded before their intent is anywhere.
  'drop-spool': [
    {
      file: 'apps/gateway/dist/spool/spool.js',
      text: 'this.#append(intentJson, durably, written);',
      replacement: 'setImmediate(() => written(null));',
    },
  ],
  // Each outcome is shipped twice, the second time as if it were another call's.
  'double-deliver': [
    {
      file: 'apps/gateway/dist/spool/spool.js',
      text: 'this.unshipped.push(record.subarray(head.length, record.length - 1));',
      replacement: `this.unshipped.push(record.subarray(head.length, record.length - 1));
        this.#sequence++;
        this.#ledger.noteSequence(this.#sequence);
        this.unshipped.push(Buffer.from(itemJson.replace(/"eventId":"([^"]+)"/, '"eventId":"$1-again"')));`,
    },
  ],
  // Neither the directory's changes nor the store's versions reach the keys that a gateway knows.
  'stale-key': [
    {
      file: 'apps/gateway/dist/pipeline/reserve.js',
      text: 'versions: versionsOf(call),',
      replacement: 'versions: {},',
    },
    {
      file: 'apps/gateway/dist/identify/principal-cache.js',
      text: 'this.#generation++;',
      replacement: 'return;',
    },
  ],
  // An event that is there already counts as new.
  'no-dedupe': [
    {
      file: 'packages/services/dist/usage/store-events.js',
      text: 'ON CONFLICT DO NOTHING RETURNING event_id',
      replacement: 'ON CONFLICT (event_id) DO UPDATE SET event_id = excluded.event_id RETURNING event_id',
    },
  ],
  // Each token on a challenge is claimed and charged by itself.
  'charge-per-token': [
    {
      file: 'packages/payments/dist/stripe/check.js',
      text: 'claimKey:',
      replacement: 'claimKey: token +',
    },
    {
      file: 'packages/payments/dist/stripe/rail.js',
      text: 'idempotencyKey: `mpp_',
      replacement: 'idempotencyKey: payment.token + `mpp_',
    },
  ],
};
