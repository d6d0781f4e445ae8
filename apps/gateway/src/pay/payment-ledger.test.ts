import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PaymentRecord } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import type { PaymentFacts } from '@tollwright/payments';
import { type ClaimStore, StateUnavailable } from '@tollwright/state';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { replaySpool } from '../spool/replay.ts';
import { Spool } from '../spool/spool.ts';
import { amountsOf } from './charge-for.ts';
import { PaymentLedger } from './payment-ledger.ts';

const RECORD_TOO_LONG = 'x'.repeat(2 * 1024 * 1024);

let root: string;
let spool: Spool;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tw-'));
  spool = await Spool.open(root, 'one');
});
afterEach(async () => {
  await spool.close();
  spool.folder.proof.close();
  rmSync(root, { recursive: true, force: true });
});

function ledgerOver(move: ClaimStore['move']): PaymentLedger {
  const log = { error: () => undefined, warn: () => undefined };
  const gateway = { spool, log, state: { claims: { move } } };
  const visit = { gateway, startedAtMs: Date.UTC(2026, 10, 24), requestId: 'req_1', eventId: spool.eventId(1) };
  const fee = { fixedNanoUsd: nanoUsd(2n), basisPoints: 1_000, gasNanoUsd: nanoUsd(0n) };
  const api = { snapshot: { routes: [], livemode: true, providerId: 'prv_1', apiId: 'api_1' }, fees: { x402: fee } };
  const payment = {
    ...{ rail: 'x402', protocolVersion: 2, claimKey: 'x402:a:b:c:d', payer: '0xc', nonce: '0xd', validBeforeMs: 1 },
    offer: { network: 'a', asset: 'b', payTo: '0xe', amountAtomic: 10_000n, priceNanoUsd: 9n, roundingNanoUsd: 1n },
  };
  return new PaymentLedger(
    visit as unknown as Visit,
    api as unknown as CompiledApi,
    { route: { id: 'rte_1' } } as unknown as CompiledRoute,
    payment as unknown as PaymentFacts,
    { settles: 'after' },
  );
}

const away = new StateUnavailable('away');
const moved: ClaimStore['move'] = async () => ({ kind: 'moved', claim: {} as never });
const onDisk = () =>
  replaySpool(spool.folder.dir).items.flatMap(({ item }) => (item.kind === 'payment' ? [item.payment.state] : []));

describe('moving a payment on', () => {
  it('is compare-and-set on its state and version, and on disk when it is done', async () => {
    const asked: [unknown, PaymentRecord][] = [];
    const ledger = ledgerOver(async (_claimKey, from, record) => {
      asked.push([from, record]);
      return moved('', from, record);
    });
    expect(await ledger.move('settling')).toBe(true);
    expect(onDisk()).toEqual(['settling']);
    expect(await ledger.move('settled', { transaction: '0xf' })).toBe(true);
    expect(onDisk()).toEqual(['settling', 'settled']);
    expect(asked).toMatchObject([
      [
        { state: 'claimed', version: 1 },
        { state: 'settling', version: 2, transaction: null },
      ],
      [
        { state: 'settling', version: 2 },
        { state: 'settled', version: 3, transaction: '0xf' },
      ],
    ]);
  });

  it('says how much is taken before it is asked for', async () => {
    const ledger = ledgerOver(moved);
    const taken = { amountAtomic: 1_234n, priceNanoUsd: nanoUsd(8n), roundingNanoUsd: nanoUsd(2n) };
    expect(await ledger.move('settling', amountsOf(taken))).toBe(true);
    await ledger.move('settled', { transaction: '0xf' });
    const amounts = { amountAtomic: '1234', priceNanoUsd: 8n, roundingNanoUsd: 2n };
    const { items } = replaySpool(spool.folder.dir);
    expect(items.map(({ item }) => (item.kind === 'payment' ? item.payment : null))).toMatchObject([
      { state: 'settling', ...amounts },
      { state: 'settled', ...amounts },
    ]);
  });

  it('says what the rail takes of what is taken, and of nothing nothing', async () => {
    const ledger = ledgerOver(moved);
    expect(ledger.record.feeNanoUsd).toBe(3n);
    const taken = { amountAtomic: 1n, priceNanoUsd: nanoUsd(30n), roundingNanoUsd: nanoUsd(1n) };
    await ledger.move('settling', amountsOf(taken));
    expect(ledger.record.feeNanoUsd).toBe(6n);
    await ledger.move('failed', { reason: 'declined' });
    expect(ledger.record.feeNanoUsd).toBe(0n);
  });

  it.each<[string, ClaimStore['move']]>([
    ['somebody else moved it', async () => ({ kind: 'conflict', claim: null })],
    ['the store does not answer', () => Promise.reject(new StateUnavailable('away'))],
  ])('is not done, nor noted, when %s', async (_what, move) => {
    const ledger = ledgerOver(move);
    expect(await ledger.move('settling')).toBe(false);
    expect([ledger.record.state, onDisk()]).toEqual(['claimed', []]);
  });

  it('is not done when the disk does not take it: a settlement must not begin, and an answer that is paid must not fail', async () => {
    const ledger = ledgerOver(moved);
    expect(await ledger.move('settling', { reason: RECORD_TOO_LONG })).toBe(false);
  });

  it('for sure is on disk also where the store cannot be told: the money that has to go back is not forgotten', async () => {
    const ledger = ledgerOver(() => Promise.reject(new StateUnavailable('away')));
    await ledger.moveForSure('refunding', { transaction: '0xf', reason: 'upstream answered 503' });
    const [item] = replaySpool(spool.folder.dir).items;
    expect(item?.item).toMatchObject({
      payment: { state: 'refunding', version: 2, transaction: '0xf', reason: 'upstream answered 503' },
    });
  });

  it('lets a claim go as soon as the store can be told, and says so on disk', async () => {
    let asked = 0;
    const ledger = ledgerOver(async (claimKey, from, record) => {
      asked += 1;
      if (asked < 3) throw away;
      return moved(claimKey, from, record);
    });
    expect(await ledger.move('released', { reason: 'upstream answered 503' })).toBe(false);
    await expect.poll(onDisk).toEqual(['released']);
    expect(asked).toBe(3);
  });

  it('leaves a claim alone that somebody moved while the store could not be told', async () => {
    let asked = 0;
    const ledger = ledgerOver(async () => {
      asked += 1;
      if (asked === 1) throw away;
      return { kind: 'conflict', claim: null };
    });
    expect(await ledger.move('settling')).toBe(false);
    await ledger.letGo('a test');
    expect([asked, onDisk()]).toEqual([2, []]);
  });
});
