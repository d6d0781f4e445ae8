import { signedNanoUsdText } from '@tollwright/contracts';
import { GRANT_PRIORITY_DEFAULT, GRANT_PRIORITY_MAX, NANO_USD_MAX, nanoUsd } from '@tollwright/core';
import type { DbCreditGrant, Tx } from '@tollwright/db';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { type Change, change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId, timestamp } from '../fields.ts';
import { type PostingLine, postTransfer } from '../ledger/post.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { type BalanceOwner, balancesOf } from './balances.ts';
import { type CreditGrantOutput, creditGrantOutput, creditKind, toCreditGrant } from './credit.ts';
import { drawnOf } from './drawn.ts';
import { openLot, takeFromLots } from './lots.ts';
import { sumOf, takeableOf, takeUpTo } from './takeable.ts';

export const grantCreditInput = z.object({
  providerId,
  customerId,
  agentId: idText.optional().meta({ description: "An agent's own balance; the customer's when it is left out" }),
  amountNanoUsd: signedNanoUsdText.meta({ description: 'Below zero takes back, at most what is left' }),
  kind: creditKind.optional().meta({
    description:
      'promotional: nobody paid for it, the default. paid: it was paid for by hand. What is taken back is of that kind; of both when it is left out, promotional first',
  }),
  expiresAt: timestamp.optional().meta({ description: 'In the future; never when it is left out' }),
  priority: z
    .int()
    .min(0)
    .max(GRANT_PRIORITY_MAX)
    .optional()
    .meta({ description: `The lower burns first. Default: ${GRANT_PRIORITY_DEFAULT}` }),
  reason: z.string().trim().min(1).max(200),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const grantCreditOutput = creditGrantOutput;

type Wanted = z.output<typeof grantCreditInput>;

/** Gives a customer credit, or takes credit back. The provider's alone; it holds for the next call. */
export async function grantCredit(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof grantCreditInput>,
): Promise<CreditGrantOutput> {
  const wanted = parse(grantCreditInput, input);
  const { providerId, customerId } = wanted;
  const amount = BigInt(wanted.amountNanoUsd);
  assertTerms(ctx, wanted, amount);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const owner: BalanceOwner = { customerId, agentId: wanted.agentId ?? null, livemode: wanted.livemode ?? true };
  const drawn = amount < 0n ? await drawnOf(ctx, owner) : 0n;
  return change(ctx, { ...access, customerId }, async (step) => {
    await assertOwner(step.tx, providerId, owner);
    // Two who give and take at once are decided one after the other.
    await step.tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    const grantedBy = actorName(actor);
    const { row, lines } =
      amount > 0n ? await give(step, owner, wanted, grantedBy) : await take(step, owner, wanted, { drawn, grantedBy });
    await postTransfer(step.tx, ctx, {
      ...{ providerId, customerId, reference: `credit:${row.id}`, kind: 'credit-grant', livemode: owner.livemode },
      ...{ occurredAt: step.now, lines },
    });
    const output = toCreditGrant(row, amount > 0n ? row.amountNanoUsd : null);
    await step.audit({ action: 'credit.grant', targetId: row.id, after: output });
    await step.publishCustomer(customerId);
    return output;
  });
}

function assertTerms(ctx: ServiceContext, { expiresAt, priority }: Wanted, amount: bigint): void {
  if (amount === 0n) throw invalid('amountNanoUsd', 'must not be zero');
  if (amount < 0n && expiresAt !== undefined) throw invalid('expiresAt', 'is of credit that is given');
  if (amount < 0n && priority !== undefined) throw invalid('priority', 'is of credit that is given');
  if (expiresAt !== undefined && Date.parse(expiresAt) <= ctx.clock())
    throw invalid('expiresAt', 'must be later than now');
}

interface Granted {
  readonly row: DbCreditGrant;
  readonly lines: readonly PostingLine[];
}

async function give(step: Change, owner: BalanceOwner, wanted: Wanted, grantedBy: string): Promise<Granted> {
  const { providerId, reason, kind, expiresAt, priority = GRANT_PRIORITY_DEFAULT } = wanted;
  const { customerId } = owner;
  const amount = BigInt(wanted.amountNanoUsd);
  const balances = await balancesOf(step.tx, providerId, customerId);
  const known = balances.find((one) => one.agentId === owner.agentId && one.livemode === owner.livemode);
  if ((known?.paidInNanoUsd ?? 0n) + amount > NANO_USD_MAX)
    throw invalid('amountNanoUsd', 'is more than a balance can ever be paid');
  const promotional = kind !== 'paid';
  const row = await step.tx.creditGrant.create({
    data: {
      ...{ id: step.id('creditGrant'), providerId, ...owner, source: 'manual', amountNanoUsd: amount, reason },
      ...{ promotional, priority, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) },
      ...{ paidNanoUsd: promotional ? 0n : amount, grantedBy, createdAt: step.now },
    },
  });
  await openLot(step.tx, row);
  const lines: PostingLine[] = [
    { kind: promotional ? 'promotional' : 'credits', customerId, amountNanoUsd: nanoUsd(-amount) },
    { kind: promotional ? 'grants' : 'clearing_manual', customerId: null, amountNanoUsd: nanoUsd(amount) },
  ];
  return { row, lines };
}

async function take(
  step: Change,
  owner: BalanceOwner,
  { providerId, reason, kind, amountNanoUsd }: Wanted,
  { drawn, grantedBy }: { readonly drawn: bigint; readonly grantedBy: string },
): Promise<Granted> {
  const { customerId } = owner;
  const amount = -BigInt(amountNanoUsd);
  const takeable = await takeableOf(step.tx, providerId, owner, drawn);
  const given = kind === 'paid' ? [] : takeable.filter(({ promotional }) => promotional);
  const paid = kind === 'promotional' ? [] : takeable.filter(({ promotional }) => !promotional);
  const parts = takeUpTo(amount, [...given, ...paid]);
  if (sumOf(parts) < amount) throw conflict('Less than that is left of this balance.');
  await takeFromLots(step.tx, parts);
  const row = await step.tx.creditGrant.create({
    data: {
      ...{ id: step.id('creditGrant'), providerId, ...owner, source: 'manual', amountNanoUsd: -amount, reason },
      ...{ promotional: kind === 'promotional', grantedBy, createdAt: step.now },
    },
  });
  const ofGiven = sumOf(parts.filter(({ promotional }) => promotional));
  const lines: PostingLine[] = [
    { kind: 'promotional', customerId, amountNanoUsd: nanoUsd(ofGiven) },
    { kind: 'credits', customerId, amountNanoUsd: nanoUsd(amount - ofGiven) },
    { kind: kind === 'paid' ? 'clearing_manual' : 'grants', customerId: null, amountNanoUsd: nanoUsd(-amount) },
  ];
  return { row, lines };
}

async function assertOwner(tx: Tx, providerId: string, { customerId, agentId }: BalanceOwner): Promise<void> {
  const customers = await tx.customer.count({ where: { providerId, id: customerId } });
  const agents = agentId === null ? 1 : await tx.agent.count({ where: { providerId, customerId, id: agentId } });
  if (customers === 0 || agents === 0) throw notFound();
}
