import { stripeAccount } from '@tollwright/contracts';
import { sealSecret } from '@tollwright/contracts/sealed-secret';
import { toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type StripeAccountOutput, stripeAccountOutput, stripeKeyContext, toStripeAccount } from './stripe-account.ts';

export const setStripeAccountInput = z.object({
  providerId,
  profile: stripeAccount.shape.networkId.meta({ description: 'The business profile, profile_…' }),
  secretKey: z
    .string()
    .regex(/^[sr]k_(?:live|test)_[A-Za-z0-9_]{8,200}$/, 'must be a secret or restricted key of Stripe')
    .meta({ description: 'sk_live_… or rk_live_…; of test mode where livemode is false' }),
  paymentMethodTypes: stripeAccount.shape.paymentMethodTypes.optional().meta({ description: 'Default: card and link' }),
  tax: stripeAccount.shape.tax.meta({
    description: 'Has the tax in your prices calculated by Stripe Tax, which must be on in the account; default: no',
  }),
  statementSuffix: stripeAccount.shape.statementSuffix.meta({
    description: "What card statements show behind the account's name",
  }),
  livemode: z.boolean().optional(),
});
export const setStripeAccountOutput = stripeAccountOutput;

/** Sets the Stripe account that takes card payments. It replaces the one before; its key is sealed and not shown again. */
export async function setStripeAccount(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setStripeAccountInput>,
): Promise<StripeAccountOutput> {
  const wanted = parse(setStripeAccountInput, input);
  const { providerId, profile: networkId, secretKey, paymentMethodTypes = ['card', 'link'], livemode = true } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  if (secretKey.includes('k_live_') !== livemode) {
    throw invalid('secretKey', livemode ? 'must be a key of live mode' : 'must be a key of test mode');
  }
  return change(ctx, access, async (step) => {
    await step.tx.stripeAccount.updateMany({
      where: { providerId, livemode, archivedAt: null },
      data: { archivedAt: step.now },
    });
    const row = await step.tx.stripeAccount.create({
      data: {
        id: step.id('stripeAccount'),
        ...{ providerId, livemode, networkId, paymentMethodTypes },
        sealedKey: sealSecret(ctx.masterKeys, stripeKeyContext(providerId), secretKey),
        keyEnd: secretKey.slice(-4),
        ...(wanted.tax === undefined ? {} : { tax: toDbJson(wanted.tax) }),
        statementSuffix: wanted.statementSuffix ?? null,
        createdAt: step.now,
      },
    });
    await step.audit({ action: 'stripe-account.set', targetId: row.id, after: toStripeAccount(row) });
    await step.publishAllApis();
    return toStripeAccount(row);
  });
}
