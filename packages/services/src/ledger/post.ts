import { makeId, type NanoUsd } from '@tollwright/core';
import type { LedgerAccountKind, Tx } from '@tollwright/db';

/** One side of a transfer. Positive is debit. `customerId` null: the provider's own account. */
export interface PostingLine {
  readonly kind: LedgerAccountKind;
  readonly customerId: string | null;
  readonly amountNanoUsd: NanoUsd;
}

export interface Transfer {
  readonly providerId: string;
  /** Whom the transfer is about; null when it is about no customer. */
  readonly customerId: string | null;
  /** Names what caused it once and for ever: a second transfer of the same reference is not posted. */
  readonly reference: string;
  readonly kind: string;
  readonly livemode: boolean;
  readonly occurredAt: Date;
  /** Sum to zero; lines of zero are left out, lines of one account are added up. */
  readonly lines: readonly PostingLine[];
}

export interface PostingMeans {
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

/**
 * Posts a transfer in the caller's transaction, whose tenant must be the whole provider (`customerId: '*'`).
 * Answers false when its reference was posted before or nothing moves. Throws RangeError when the lines do not sum to zero.
 */
export async function postTransfer(tx: Tx, means: PostingMeans, transfer: Transfer): Promise<boolean> {
  const sum = transfer.lines.reduce((total, line) => total + line.amountNanoUsd, 0n);
  if (sum !== 0n) throw new RangeError(`postings of ${transfer.reference} sum to ${sum}, not to zero`);
  const amounts = new Map<string, bigint>();
  for (const line of transfer.lines) {
    if (line.amountNanoUsd === 0n) continue;
    const account = await accountOf(tx, means, transfer, line);
    amounts.set(account, (amounts.get(account) ?? 0n) + line.amountNanoUsd);
  }
  const postings = [...amounts].filter(([, amount]) => amount !== 0n);
  if (postings.length === 0) return false;
  const id = makeId('ledgerTransfer', means.clock(), means.random(10));
  const inserted = await tx.ledgerTransfer.createMany({
    data: [
      {
        id,
        providerId: transfer.providerId,
        customerId: transfer.customerId,
        reference: transfer.reference,
        kind: transfer.kind,
        livemode: transfer.livemode,
        occurredAt: transfer.occurredAt,
      },
    ],
    skipDuplicates: true,
  });
  if (inserted.count === 0) return false;
  await tx.ledgerPosting.createMany({
    data: postings.map(([accountId, amountNanoUsd]) => ({
      transferId: id,
      accountId,
      providerId: transfer.providerId,
      amountNanoUsd,
    })),
  });
  return true;
}

async function accountOf(tx: Tx, means: PostingMeans, transfer: Transfer, line: PostingLine): Promise<string> {
  const { providerId, livemode } = transfer;
  const where = { providerId, customerId: line.customerId, kind: line.kind, livemode };
  const known = await tx.ledgerAccount.findFirst({ where, select: { id: true } });
  if (known) return known.id;
  const id = makeId('ledgerAccount', means.clock(), means.random(10));
  await tx.ledgerAccount.createMany({ data: [{ id, ...where }], skipDuplicates: true });
  const made = await tx.ledgerAccount.findFirst({ where, select: { id: true } });
  if (!made) throw new Error(`the ledger account ${line.kind} could not be made`);
  return made.id;
}
