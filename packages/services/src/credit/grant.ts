import { signedNanoUsdText } from '@tollwright/contracts';
import { NANO_USD_MAX, nanoUsd } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { postTransfer } from '../ledger/post.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { type BalanceOwner, balancesOf } from './balances.ts';
import { type CreditGrantOutput, creditGrantOutput, toCreditGrant } from './credit.ts';
import { drawnOf } from './drawn.ts';

export const grantCreditInput = z.object({
  providerId,
  customerId,
  agentId: idText.optional().meta({ description: "An agent's own balance; the customer's when it is left out" }),
  amountNanoUsd: signedNanoUsdText.meta({ description: 'Below zero takes back, at most what is left' }),
  reason: z.string().trim().min(1).max(200),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const grantCreditOutput = creditGrantOutput;

/** Gives a customer credit that nobody paid for, or takes credit back. The provider's alone; it holds for the next call. */
export async function grantCredit(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof grantCreditInput>,
): Promise<CreditGrantOutput> {
  const wanted = parse(grantCreditInput, input);
  const { providerId, customerId, reason } = wanted;
  const amount = BigInt(wanted.amountNanoUsd);
  if (amount === 0n) throw invalid('amountNanoUsd', 'must not be zero');
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const owner: BalanceOwner = { customerId, agentId: wanted.agentId ?? null, livemode: wanted.livemode ?? true };
  const drawn = amount < 0n ? await drawnOf(ctx, owner) : 0n;
  return change(ctx, { ...access, customerId }, async (step) => {
    await assertOwner(step.tx, providerId, owner);
    // Two who give and take at once are decided one after the other.
    await step.tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    const balances = await balancesOf(step.tx, providerId, customerId);
    const known = balances.find((one) => one.agentId === owner.agentId && one.livemode === owner.livemode);
    const paidIn = (known?.paidInNanoUsd ?? 0n) + amount;
    if (paidIn < drawn) throw conflict('Less than that is left of this balance.');
    if (paidIn > NANO_USD_MAX) throw invalid('amountNanoUsd', 'is more than a balance can ever be paid');
    const row = await step.tx.creditGrant.create({
      data: {
        ...{ id: step.id('creditGrant'), providerId, ...owner, source: 'manual', amountNanoUsd: amount, reason },
        ...{ grantedBy: actorName(actor), createdAt: step.now },
      },
    });
    await postTransfer(step.tx, ctx, {
      ...{ providerId, customerId, reference: `credit:${row.id}`, kind: 'credit-grant', livemode: owner.livemode },
      occurredAt: step.now,
      lines: [
        { kind: 'credits', customerId, amountNanoUsd: nanoUsd(-amount) },
        { kind: 'grants', customerId: null, amountNanoUsd: nanoUsd(amount) },
      ],
    });
    await step.audit({ action: 'credit.grant', targetId: row.id, after: toCreditGrant(row) });
    await step.publishCustomer(customerId);
    return toCreditGrant(row);
  });
}

async function assertOwner(tx: Tx, providerId: string, { customerId, agentId }: BalanceOwner): Promise<void> {
  const customers = await tx.customer.count({ where: { providerId, id: customerId } });
  const agents = agentId === null ? 1 : await tx.agent.count({ where: { providerId, customerId, id: agentId } });
  if (customers === 0 || agents === 0) throw notFound();
}
