import { nanoUsd } from '@tollwright/core';
import { withTenant } from '@tollwright/db';
import { openServicesHarness, type ServicesHarness } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import { createProvider } from '../provider/create.ts';
import { type PostingLine, postTransfer } from './post.ts';

let harness: ServicesHarness;
let providerId: string;

beforeAll(async () => {
  harness = await openServicesHarness();
  providerId = (await createProvider(harness.ctx, SYSTEM, { name: 'Books', slug: 'books' })).id;
});
afterAll(() => harness.close());

function post(reference: string, lines: readonly PostingLine[]): Promise<boolean> {
  return withTenant(harness.ctx.db, { providerId, customerId: '*' }, (tx) =>
    postTransfer(tx, harness.ctx, {
      providerId,
      customerId: null,
      reference,
      kind: 'test',
      livemode: true,
      occurredAt: new Date(),
      lines,
    }),
  );
}

const line = (kind: PostingLine['kind'], amount: bigint): PostingLine => ({
  kind,
  customerId: null,
  amountNanoUsd: nanoUsd(amount),
});
const balanced = [line('clearing_x402', 10n), line('revenue', -9n), line('rounding', -1n)];

describe('postTransfer', () => {
  it('posts a reference once, also when it is posted twice at once', async () => {
    const posted = await Promise.all([post('event:1', balanced), post('event:1', balanced)]);
    expect(posted.sort()).toEqual([false, true]);
    expect(await harness.owner.ledgerPosting.count({ where: { transfer: { reference: 'event:1' } } })).toBe(3);
  });

  it('refuses lines that do not sum to zero', async () => {
    await expect(post('event:2', [line('receivable', 5n), line('revenue', -4n)])).rejects.toThrow(/sum to 1/);
  });

  it('adds up the lines of one account and leaves out what moves nothing', async () => {
    await post('event:3', [line('receivable', 2n), line('receivable', 3n), line('revenue', -5n), line('fees', 0n)]);
    const rows = await harness.owner.ledgerPosting.findMany({ where: { transfer: { reference: 'event:3' } } });
    expect(rows.map((row) => row.amountNanoUsd).sort()).toEqual([-5n, 5n]);
    expect(await post('event:4', [line('receivable', 1n), line('receivable', -1n)])).toBe(false);
  });
});

describe('the database', () => {
  const transfer = (id: string) => harness.owner.$executeRaw`INSERT INTO ledger_transfer
    (id, provider_id, reference, kind, livemode, occurred_at) VALUES (${id}, ${providerId}, ${id}, 'test', true, now())`;

  async function accounts(): Promise<string[]> {
    const rows = await harness.owner.ledgerAccount.findMany({ where: { providerId }, orderBy: { id: 'asc' } });
    return rows.map((row) => row.id);
  }

  it('refuses a transfer without postings', async () => {
    await expect(transfer('ltr_empty')).rejects.toThrow(/has 0 postings/);
  });

  it('refuses an unbalanced transfer, whoever writes it', async () => {
    const [first = '', second = ''] = await accounts();
    const attempt = harness.owner.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO ledger_transfer (id, provider_id, reference, kind, livemode, occurred_at)
        VALUES ('ltr_bad', ${providerId}, 'bad', 'test', true, now())`;
      await tx.ledgerPosting.createMany({
        data: [
          { transferId: 'ltr_bad', accountId: first, providerId, amountNanoUsd: 5n },
          { transferId: 'ltr_bad', accountId: second, providerId, amountNanoUsd: -4n },
        ],
      });
    });
    await expect(attempt).rejects.toThrow(/sum to 1/);
    expect(await harness.owner.ledgerTransfer.count({ where: { id: 'ltr_bad' } })).toBe(0);
  });

  it('refuses to alter or remove what was posted', async () => {
    await expect(harness.owner.$executeRaw`UPDATE ledger_posting SET amount_nano_usd = 1`).rejects.toThrow(
      /append-only/,
    );
    await expect(harness.owner.$executeRaw`DELETE FROM ledger_posting`).rejects.toThrow(/append-only/);
    await expect(harness.owner.$executeRaw`DELETE FROM ledger_transfer`).rejects.toThrow(/append-only/);
    await expect(harness.owner.$executeRaw`DELETE FROM audit_entry`).rejects.toThrow(/append-only/);
  });
});
