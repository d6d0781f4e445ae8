import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import { type Tx, withTenant } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { countersOf } from '../budget/budget.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { balancesOf, nodeOfBalance } from './balances.ts';
import { lotsOfCustomer, pendingOf, storedDraws } from './pending.ts';

export const creditBalanceAtInput = z.object({
  providerId,
  customerId,
  at: timestamp.optional().meta({ description: 'A moment that has passed; now when it is left out' }),
});
export const creditBalanceAtOutput = z.object({
  at: z.string(),
  items: z
    .array(
      z.object({
        livemode: z.boolean(),
        paidNanoUsd: signedNanoUsdText.meta({
          description: 'Posted: what was paid for; below zero where more was drawn',
        }),
        promotionalNanoUsd: signedNanoUsdText.meta({ description: 'Posted: what was given' }),
        postedNanoUsd: signedNanoUsdText.meta({ description: 'Both' }),
        now: z
          .object({
            pendingNanoUsd: nanoUsdText.meta({
              description:
                'Held by running calls, drawn by calls that are not stored yet, and taken for refunds under way',
            }),
            availableNanoUsd: signedNanoUsdText.meta({ description: 'Posted less pending' }),
          })
          .nullable()
          .meta({ description: 'null for a past moment, and where the state store could not be asked' }),
      }),
    )
    .meta({ description: 'One for each mode; of the customer and all its agents' }),
});
type Output = z.output<typeof creditBalanceAtOutput>;

/** What a customer's credit was at a moment by the ledger, and now what of it is reserved. */
export async function creditBalanceAt(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof creditBalanceAtInput>,
): Promise<Output> {
  const wanted = parse(creditBalanceAtInput, input);
  const { providerId, customerId } = wanted;
  await authorize(ctx, actor, wanted, 'read');
  const nowMs = ctx.clock();
  const at = wanted.at === undefined ? new Date(nowMs) : new Date(wanted.at);
  if (at.getTime() > nowMs) throw invalid('at', 'must not be in the future');
  const counters = wanted.at === undefined ? await countersOf(ctx, customerId) : null;
  // A refund's transfer is the provider's; of its accounts only the customer's own are read.
  const tenant = { providerId, customerId: '*' };
  const { posted, left } = await withTenant(
    ctx.db,
    tenant,
    async (tx) => ({
      posted: await postedAt(tx, customerId, at),
      left: wanted.at === undefined ? await leftNow(tx, providerId, customerId, counters) : null,
    }),
    { isolationLevel: 'RepeatableRead' },
  );
  const modes = [true, false].filter((livemode) => posted.some((row) => row.livemode === livemode));
  const items = modes.map((livemode) => {
    const of = (kind: string) => posted.find((row) => row.livemode === livemode && row.kind === kind)?.amount ?? 0n;
    const total = of('credits') + of('promotional');
    const available = left?.get(livemode) ?? 0n;
    const pending = total > available ? total - available : 0n;
    return {
      ...{ livemode, paidNanoUsd: `${of('credits')}`, promotionalNanoUsd: `${of('promotional')}` },
      postedNanoUsd: `${total}`,
      now: left && { pendingNanoUsd: `${pending}`, availableNanoUsd: `${total - pending}` },
    };
  });
  return { at: at.toISOString(), items };
}

/** What the ledger owes a customer at a moment, by account. */
function postedAt(tx: Tx, customerId: string, at: Date) {
  return tx.$queryRaw<{ livemode: boolean; kind: string; amount: bigint }[]>`
    SELECT a.livemode, a.kind::text AS kind, -sum(p.amount_nano_usd)::bigint AS amount
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE a.provider_id = app_provider_id() AND a.customer_id = ${customerId}
      AND a.kind IN ('credits', 'promotional') AND t.occurred_at <= ${at}
    GROUP BY 1, 2`;
}

/** What is left now for calls, by mode; null where nobody can tell. */
async function leftNow(
  tx: Tx,
  providerId: string,
  customerId: string,
  counters: Awaited<ReturnType<typeof countersOf>>,
): Promise<ReadonlyMap<boolean, bigint> | null> {
  if (counters === null) return null;
  const stored = await storedDraws(tx, providerId, customerId);
  const { postedOf } = await lotsOfCustomer(tx, providerId, customerId);
  const left = new Map<boolean, bigint>();
  for (const balance of await balancesOf(tx, providerId, customerId)) {
    const node = nodeOfBalance(balance);
    const rest = postedOf(node) - pendingOf(counters.get(node), stored.get(node) ?? 0n);
    left.set(balance.livemode, (left.get(balance.livemode) ?? 0n) + rest);
  }
  return left;
}
