import { makeId } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { toStorableJson } from '../storable-json.ts';
import type { PostingLine, PostingMeans, Transfer } from './post.ts';

interface Posting {
  readonly reference: string;
  readonly account: string;
  readonly amount: bigint;
}

/**
 * Posts many transfers of one provider at once, under the rules of postTransfer: a reference that was posted before is
 * left out, and so is what moves nothing. Answers how many were new. Throws RangeError when lines do not sum to zero.
 */
export async function postTransfers(tx: Tx, means: PostingMeans, transfers: readonly Transfer[]): Promise<number> {
  const moving = transfers.filter((transfer) => transfer.lines.some((line) => line.amountNanoUsd !== 0n));
  for (const { reference, lines } of moving) {
    const sum = lines.reduce((total, line) => total + line.amountNanoUsd, 0n);
    if (sum !== 0n) throw new RangeError(`postings of ${reference} sum to ${sum}, not to zero`);
  }
  if (moving.length === 0) return 0;
  const accounts = await openAccounts(tx, means, moving);
  const postings = moving.flatMap((transfer) => postingsOf(transfer, accounts));
  const posted = await insertTransfers(tx, means, moving);
  const wanted = postings.flatMap(({ reference, account, amount }) => {
    const transferId = posted.get(reference);
    return transferId === undefined ? [] : [{ transfer_id: transferId, account_id: account, amount }];
  });
  await tx.$executeRaw`
    INSERT INTO ledger_posting (transfer_id, account_id, provider_id, amount_nano_usd)
    SELECT transfer_id, account_id, app_provider_id(), amount
    FROM jsonb_to_recordset(${toStorableJson(wanted)}::jsonb) AS p(transfer_id text, account_id text, amount bigint)`;
  return posted.size;
}

/** Makes the accounts that are missing; answers ids by accountKey. */
async function openAccounts(tx: Tx, means: PostingMeans, transfers: readonly Transfer[]): Promise<Map<string, string>> {
  const wanted = new Map<string, Record<string, unknown>>();
  for (const { lines, livemode } of transfers) {
    for (const line of lines) {
      const id = makeId('ledgerAccount', means.clock(), means.random(10));
      wanted.set(accountKey(line, livemode), { id, customer_id: line.customerId, kind: line.kind, livemode });
    }
  }
  const document = toStorableJson([...wanted.values()]);
  await tx.$executeRaw`
    INSERT INTO ledger_account (id, provider_id, customer_id, kind, livemode)
    SELECT id, app_provider_id(), customer_id, kind::ledger_account_kind, livemode
    FROM jsonb_to_recordset(${document}::jsonb) AS a(id text, customer_id text, kind text, livemode boolean)
    ORDER BY kind, customer_id ON CONFLICT DO NOTHING`;
  const rows = await tx.$queryRaw<{ id: string; customer_id: string | null; kind: string; livemode: boolean }[]>`
    SELECT l.id, l.customer_id, l.kind::text AS kind, l.livemode
    FROM jsonb_to_recordset(${document}::jsonb) AS a(customer_id text, kind text, livemode boolean)
    JOIN ledger_account l ON l.provider_id = app_provider_id() AND l.kind = a.kind::ledger_account_kind
      AND coalesce(l.customer_id, '') = coalesce(a.customer_id, '') AND l.livemode = a.livemode`;
  return new Map(
    rows.map((row) => [accountKey({ kind: row.kind, customerId: row.customer_id }, row.livemode), row.id]),
  );
}

function postingsOf(transfer: Transfer, accounts: ReadonlyMap<string, string>): Posting[] {
  const amounts = new Map<string, bigint>();
  for (const line of transfer.lines) {
    const account = accounts.get(accountKey(line, transfer.livemode));
    if (account === undefined) throw new Error(`the ledger account ${line.kind} could not be made`);
    amounts.set(account, (amounts.get(account) ?? 0n) + line.amountNanoUsd);
  }
  return [...amounts]
    .filter(([, amount]) => amount !== 0n)
    .map(([account, amount]) => ({ reference: transfer.reference, account, amount }));
}

/** Answers the ids of the transfers that are new, by reference. */
async function insertTransfers(tx: Tx, means: PostingMeans, transfers: readonly Transfer[]) {
  const rows = transfers.map((transfer) => ({
    id: makeId('ledgerTransfer', means.clock(), means.random(10)),
    customer_id: transfer.customerId,
    reference: transfer.reference,
    kind: transfer.kind,
    livemode: transfer.livemode,
    occurred_at: transfer.occurredAt,
  }));
  const inserted = await tx.$queryRaw<{ id: string; reference: string }[]>`
    INSERT INTO ledger_transfer (id, provider_id, customer_id, reference, kind, livemode, occurred_at)
    SELECT id, app_provider_id(), customer_id, reference, kind, livemode, occurred_at
    FROM jsonb_to_recordset(${toStorableJson(rows)}::jsonb)
      AS t(id text, customer_id text, reference text, kind text, livemode boolean, occurred_at timestamptz)
    ORDER BY reference ON CONFLICT DO NOTHING RETURNING id, reference`;
  return new Map(inserted.map((row) => [row.reference, row.id]));
}

function accountKey(
  line: { kind: PostingLine['kind'] | string; customerId: string | null },
  livemode: boolean,
): string {
  return `${line.kind} ${livemode} ${line.customerId ?? ''}`;
}
