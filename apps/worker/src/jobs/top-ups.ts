import {
  type ChargeEnd,
  endTopUp,
  intendTopUp,
  noteAsked,
  type OpenCharge,
  type ServiceContext,
  storeCardOfPage,
  topUpWork,
} from '@tollwright/services';
import { chargeCard, findCharge } from '@tollwright/stripe';
import type { QueueSpec } from '../queue.ts';

/** Under this name a payment intent says which charge it is. */
const CHARGE_METADATA = 'tollwright_charge';
/** Stripe forgets an idempotency key after a day; a charge that is older is never asked for again. */
const ASKED_AGAIN_MS = 20 * 3_600_000;
/** A request that is still on its way when a charge gets too old has come or gone after this. */
const LATE_MS = 3_600_000;
/** Clocks here and at Stripe differ by less. */
const EARLY_MS = 600_000;
const NANO_PER_CENT = 10_000_000n;

/**
 * Tops balances up that fell below what their owners set. What is charged is written down first; whoever goes on after a crash asks
 * Stripe under the same key, so each charge is made once.
 */
export function topUpsQueue(ctx: ServiceContext): QueueSpec {
  const run = async () => {
    const counts = { intended: 0, settled: 0, failed: 0, waiting: 0 };
    const { rules, charges } = await topUpWork(ctx);
    for (const open of charges) {
      await told(ctx, `charge ${open.charge.id}`, async () => {
        counts[await carryOutTopUp(ctx, open)] += 1;
      });
    }
    // What is written down now is charged by the next round.
    for (const rule of rules) {
      await told(ctx, `top up ${rule.customerId}`, async () => {
        if ((await intendTopUp(ctx, rule)) === 'intended') counts.intended += 1;
      });
    }
    return counts.intended + counts.settled + counts.failed === 0 ? null : counts;
  };
  const cards = async () => {
    let saved = 0;
    for (const page of (await topUpWork(ctx)).pages) {
      await told(ctx, `save a card of ${page.customerId}`, async () => {
        if (await storeCardOfPage(ctx, page)) saved += 1;
      });
    }
    return saved === 0 ? null : { saved };
  };
  return {
    name: 'top-ups',
    concurrency: 1,
    jobs: [
      { name: 'charge', everyMs: 1_000, run },
      { name: 'cards', everyMs: 30_000, run: cards },
    ],
  };
}

/** One customer's trouble keeps no other from its turn. */
async function told(ctx: ServiceContext, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    ctx.onError(what, error);
  }
}

/** Takes a charge as far as Stripe allows. */
export async function carryOutTopUp(ctx: ServiceContext, open: OpenCharge): Promise<'settled' | 'failed' | 'waiting'> {
  const end = open.client === null ? noAccount(open) : await endOf(ctx, open, open.client);
  if (end === null) return 'waiting';
  await endTopUp(ctx, open.charge, open.card, end);
  return end.kind;
}

/** An account that is gone can charge nothing; what it was asked for before is not known. */
function noAccount({ charge }: OpenCharge): ChargeEnd | null {
  return charge.askedAt === null ? { kind: 'failed', reason: 'no account of Stripe' } : null;
}

/** How a charge ended; null while nobody knows. */
async function endOf(
  ctx: ServiceContext,
  { charge, card }: OpenCharge,
  client: NonNullable<OpenCharge['client']>,
): Promise<ChargeEnd | null> {
  const ageMs = ctx.clock() - charge.createdAt.getTime();
  if (charge.askedAt !== null) {
    const found = await findCharge(client, {
      ...{ transaction: null, metadata: { name: CHARGE_METADATA, value: charge.id } },
      sinceMs: charge.createdAt.getTime() - EARLY_MS,
      untilMs: ctx.clock() + EARLY_MS,
    });
    if (found.kind === 'open') return null;
    if (found.kind !== 'none') return found;
  }
  if (ageMs > ASKED_AGAIN_MS + LATE_MS) return { kind: 'failed', reason: 'never_charged' };
  if (ageMs > ASKED_AGAIN_MS || card.paymentMethod === null) return null;
  await noteAsked(ctx, charge);
  const outcome = await chargeCard(client, {
    ...{ customer: card.stripeCustomer, paymentMethod: card.paymentMethod },
    ...{ amountMinor: charge.priceNanoUsd / NANO_PER_CENT, currency: 'usd', idempotencyKey: charge.idempotencyKey },
    description: `Credit of ${charge.agentId ?? charge.customerId}`,
    metadata: {
      ...{ [CHARGE_METADATA]: charge.id, tollwright_payment: charge.paymentId, tollwright_customer: charge.customerId },
      ...(charge.agentId === null ? {} : { tollwright_agent: charge.agentId }),
    },
  });
  return outcome.kind === 'unknown' ? null : outcome;
}
