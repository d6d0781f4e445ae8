import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paymentTally } from '@tollwright/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { replaySpool } from '../spool/replay.ts';
import { Spool } from '../spool/spool.ts';
import { PaymentTally } from './payment-tally.ts';

const AT = Date.UTC(2026, 10, 24, 10, 14, 59);

let root: string;
let spool: Spool;
let tally: PaymentTally;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tw-'));
  spool = await Spool.open(root, 'one');
  tally = new PaymentTally('one', spool, (error) => expect(error).toBeNull());
});
afterEach(async () => {
  await spool.close();
  spool.folder.proof.close();
  rmSync(root, { recursive: true, force: true });
});

const apiOf = (providerId: string, apiId = 'api_1') =>
  ({ snapshot: { providerId, apiId, livemode: true } }) as unknown as CompiledApi;
const offers = (...rails: string[]) => rails.map((rail) => ({ rail })) as never;

async function written() {
  tally.flush();
  await spool.synced();
  return replaySpool(spool.folder.dir).items.flatMap(({ item }) => (item.kind === 'tally' ? [item.tally] : []));
}

describe('the tally of payments', () => {
  it('counts a 402 once for each rail that it names, and once for all', async () => {
    tally.asked(apiOf('prv_1'), offers('x402', 'x402', 'stripe'), AT);
    tally.asked(apiOf('prv_1'), offers('x402'), AT);
    const [only, ...more] = await written();
    expect(more).toEqual([]);
    expect(only?.counts.map(({ step, rail, count }) => [step, rail, count])).toEqual([
      ['asked', 'x402', 2],
      ['asked', 'stripe', 1],
      ['asked', null, 2],
    ]);
  });

  it('writes one item for each provider, in quarters of an hour, that its schema reads', async () => {
    tally.refused(apiOf('prv_1'), 'x402', 'expired', AT);
    tally.refused(apiOf('prv_1'), 'x402', 'expired', AT + 1_000);
    tally.refused(apiOf('prv_2'), null, 'unreadable', AT);
    const tallies = await written();
    expect(tallies.map(({ providerId, counts }) => [providerId, counts.map(({ bucketAt }) => bucketAt)])).toEqual([
      ['prv_1', ['2026-11-24T10:00:00.000Z', '2026-11-24T10:15:00.000Z']],
      ['prv_2', ['2026-11-24T10:00:00.000Z']],
    ]);
    for (const each of tallies) expect(paymentTally.parse(each)).toEqual(each);
  });

  it('writes nothing when nothing happened, and nothing twice', async () => {
    expect(await written()).toEqual([]);
    tally.refused(apiOf('prv_1'), 'tempo', 'no-funds', AT);
    expect(await written()).toHaveLength(1);
    expect(await written()).toHaveLength(1);
  });
});
