import { type Actor, getReceipt, listPayments } from '@tollwright/services';
import { queryOnce } from '@tollwright/testing';
import type { Stage } from '../stage.ts';
import type { Account } from '../tenant.ts';
import { atomicOf, type Moved } from './outside.ts';

/** A payment that was made beside an owner's key, as it is known from outside. */
interface Outwards {
  readonly call: { readonly mark: string };
  readonly moved: Moved;
  readonly rows: readonly { readonly id: string }[];
  /** Of the calls that the upstream saw. */
  readonly requestIds: readonly (string | null)[];
}

export interface OwnerFigures {
  readonly ownersPayments: number;
  readonly ownersSettled: number;
}

type Listed = Awaited<ReturnType<typeof listPayments>>['items'][number];
type Question = Parameters<typeof listPayments>[2];

/** Whoever asks with a token of a customer's owner. */
export function ownerOf({ tenant: { providerId } }: Stage, { customerId }: Account): Actor {
  return { kind: 'token', tokenId: 'tok_faults', providerId, customerId, role: 'owner', scopes: ['read', 'write'] };
}

/**
 * Compares the payments and receipts of an owner, as its pages and its API get them, with what moved outside, the ledger and the
 * calls of the upstream.
 */
export async function auditOwner(
  stage: Stage,
  account: Account,
  made: readonly Outwards[],
  failures: string[],
): Promise<OwnerFigures> {
  const target = { providerId: stage.tenant.providerId, customerId: account.customerId };
  const actor = ownerOf(stage, account);
  const listed = new Map((await listAll(stage, actor, target)).map((one) => [one.id, one]));
  const posted = await readPostings(stage);
  const known = new Set(made.flatMap(({ rows }) => rows.map(({ id }) => id)));
  for (const id of listed.keys()) if (!known.has(id)) failures.push(`an owner sees ${id}, which is another's`);
  let ownersSettled = 0;
  for (const { call, moved, rows, requestIds } of made) {
    const own = rows.flatMap(({ id }) => listed.get(id) ?? []);
    const paid = own.filter(({ state }) => state === 'settled' || state === 'refunded');
    const settled = own.filter(({ state }) => state === 'settled');
    ownersSettled += settled.length;
    const expect = (holds: boolean, what: string) => {
      if (!holds) failures.push(`the owner's ${what}: ${call.mark}, ${own.map(({ id, state }) => `${id} ${state}`)}`);
    };
    expect(own.length === rows.length, 'list lacks a payment');
    expect(paid.length === moved.debits, 'list has another number of paid payments than was debited');
    expect(settled.length === moved.debits - moved.returns, 'list has another number of settled payments');
    for (const one of paid) {
      const { receipt } = await getReceipt(stage.services, actor, { ...target, paymentId: one.id });
      const of = (amount: string) => atomicOf({ rail: one.rail, amount });
      expect(moved.transactions.includes(receipt.transaction.toLowerCase()), 'receipt names another transaction');
      expect(of(one.amountAtomic) === moved.debitedAtomic, 'payment has another amount than was debited');
      expect(receipt.amountAtomic === one.amountAtomic, 'receipt has another amount than the list');
      expect(of(receipt.refundedAtomic) === moved.returnedAtomic, 'receipt says that other money went back');
      expect(posted.get(one.id) === String((moved.debitedAtomic - moved.returnedAtomic) * 1_000n), 'ledger differs');
      expect(
        one.state === 'refunded' || requestIds.includes(one.requestId),
        'payment is about no call of the upstream',
      );
    }
  }
  return { ownersPayments: made.length, ownersSettled };
}

/** Every payment that somebody may list. */
export async function listAll(stage: Stage, actor: Actor, question: Question): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let cursor: string | null = null;
  do {
    const page: Question = { ...question, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const listed: Awaited<ReturnType<typeof listPayments>> = await listPayments(stage.services, actor, page);
    found.push(...listed.items);
    cursor = listed.nextCursor;
  } while (cursor !== null);
  return found;
}

/** What the clearing accounts have of each payment, less what went back of it. */
async function readPostings({ database }: Stage): Promise<ReadonlyMap<string, string>> {
  const rows = await queryOnce<{ payment: string; sum: string }>(
    database.url,
    `SELECT coalesce(r.payment_id, substr(t.reference, 9)) AS payment, sum(p.amount_nano_usd)::text AS sum
     FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id JOIN ledger_account a ON a.id = p.account_id
       LEFT JOIN refund r ON t.reference = 'refund:' || r.id
     WHERE a.kind::text LIKE 'clearing%' AND (t.reference LIKE 'payment:%' OR r.id IS NOT NULL)
     GROUP BY 1`,
  );
  return new Map(rows.map(({ payment, sum }) => [payment, sum]));
}
