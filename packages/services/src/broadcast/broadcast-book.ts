import { makeId } from '@tollwright/core';
import { type DbBroadcast, type Tx, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

type Hex = `0x${string}`;
type Call = { readonly network: string; readonly sender: Hex; readonly callHash: Hex };
type Signed = { readonly raw: Hex; readonly transaction: Hex };
type State = 'kept' | 'mined' | 'reverted';

/** A transaction of the facilitator's key, as it is kept. */
export interface KeptBroadcast extends Call, Signed {
  readonly broadcastId: string;
  readonly nonce: bigint;
  readonly earlier: readonly Hex[];
  readonly state: State;
  readonly signedAtMs: number;
}

const UNDER_WAY_MAX = 200;
/** Whoever signs waits for the one before: that is a signature and an insert long. */
const KEEP_TIMEOUT_MS = 20_000;
/** Of no tenant. */
const NOBODY = { providerId: '', customerId: '*' };

/**
 * Keeps the facilitator's transactions in Postgres, for the worker's database role. One sender of one network signs at a time,
 * over all processes, so that nonces follow each other without a gap.
 */
export function broadcastBook({ db, clock, random }: Pick<ServiceContext, 'db' | 'clock' | 'random'>) {
  return {
    find: (network: string, callHash: Hex): Promise<KeptBroadcast | null> =>
      withTenant(db, NOBODY, (tx) => findCall(tx, network, callHash)),

    keep: (call: Call, nonceMin: bigint, sign: (nonce: bigint) => Promise<Signed>): Promise<KeptBroadcast> =>
      withTenant(
        db,
        NOBODY,
        async (tx) => {
          const { network, sender, callHash } = call;
          await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`broadcast:${network}:${sender}`}, 0))::text`;
          const known = await findCall(tx, network, callHash);
          if (known !== null) return known;
          const { _max } = await tx.broadcast.aggregate({ where: { network, sender }, _max: { nonce: true } });
          const next = _max.nonce === null ? 0n : _max.nonce + 1n;
          const nonce = next > nonceMin ? next : nonceMin;
          const { raw, transaction } = await sign(nonce);
          const at = new Date(clock());
          const id = makeId('broadcast', clock(), random(10));
          return keptOf(
            await tx.broadcast.create({
              data: {
                ...{ id, network, sender, nonce, callHash, rawTransaction: raw, transactionHash: transaction },
                ...{ state: 'kept', signedAt: at, createdAt: at },
              },
            }),
          );
        },
        { timeoutMs: KEEP_TIMEOUT_MS },
      ),

    underWay: (network: string): Promise<readonly KeptBroadcast[]> =>
      withTenant(db, NOBODY, async (tx) => {
        const where = { network, state: 'kept' };
        const rows = await tx.broadcast.findMany({ where, orderBy: { nonce: 'asc' }, take: UNDER_WAY_MAX });
        return rows.map(keptOf);
      }),

    replace: ({ broadcastId, transaction, earlier }: KeptBroadcast, next: Signed): Promise<boolean> =>
      withTenant(db, NOBODY, async (tx) => {
        const { count } = await tx.broadcast.updateMany({
          where: { id: broadcastId, transactionHash: transaction, state: 'kept' },
          data: {
            ...{ rawTransaction: next.raw, transactionHash: next.transaction, signedAt: new Date(clock()) },
            earlierHashes: [transaction, ...earlier],
          },
        });
        return count === 1;
      }),

    end: ({ broadcastId }: KeptBroadcast, state: 'mined' | 'reverted'): Promise<void> =>
      withTenant(db, NOBODY, async (tx) => {
        await tx.broadcast.updateMany({ where: { id: broadcastId, state: 'kept' }, data: { state } });
      }),
  };
}

async function findCall(tx: Tx, network: string, callHash: Hex): Promise<KeptBroadcast | null> {
  const row = await tx.broadcast.findUnique({ where: { network_callHash: { network, callHash } } });
  return row === null ? null : keptOf(row);
}

function keptOf(row: DbBroadcast): KeptBroadcast {
  return {
    ...{ broadcastId: row.id, network: row.network, sender: row.sender as Hex, nonce: row.nonce },
    ...{ callHash: row.callHash as Hex, raw: row.rawTransaction as Hex, transaction: row.transactionHash as Hex },
    ...{ earlier: row.earlierHashes as Hex[], state: row.state as State, signedAtMs: row.signedAt.getTime() },
  };
}
