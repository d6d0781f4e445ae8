import { type StripeAccount, type StripeTax, stripeTax } from '@tollwright/contracts';
import type { SecretContext } from '@tollwright/contracts/sealed-secret';
import type { DbStripeAccount } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const stripeAccountOutput = z.object({
  id: z.string(),
  profile: z.string().meta({ description: 'The business profile that agents grant tokens to' }),
  paymentMethodTypes: z.array(z.string()),
  keyEnd: z.string().meta({ description: 'The last four characters of the secret key, which is never shown again' }),
  tax: stripeTax.nullable().meta({ description: 'What tax in your prices is calculated by; null: none is' }),
  statementSuffix: z.string().nullable().meta({ description: "What card statements show behind the account's name" }),
  livemode: z.boolean(),
  createdAt: z.string(),
});
export type StripeAccountOutput = z.output<typeof stripeAccountOutput>;

export function toStripeAccount(row: DbStripeAccount): StripeAccountOutput {
  const { id, networkId: profile, paymentMethodTypes, keyEnd, livemode, statementSuffix } = row;
  return {
    ...{ id, profile, paymentMethodTypes, keyEnd, livemode, statementSuffix },
    ...{ tax: taxOf(row), createdAt: toTimestamp(row.createdAt) },
  };
}

function taxOf({ tax }: DbStripeAccount): StripeTax | null {
  return tax === null ? null : stripeTax.parse(tax);
}

/** The account as a snapshot carries it: its key stays sealed. */
export function toSnapshotAccount(row: DbStripeAccount): StripeAccount {
  const { networkId, paymentMethodTypes, sealedKey, statementSuffix } = row;
  const known = paymentMethodTypes.filter((type) => type === 'card' || type === 'link');
  const tax = taxOf(row);
  return {
    ...{ kind: 'stripe', networkId, currency: 'usd', paymentMethodTypes: known, sealedKey },
    ...(tax === null ? {} : { tax }),
    ...(statementSuffix === null ? {} : { statementSuffix }),
  };
}

/** What a provider's key is sealed for. */
export function stripeKeyContext(providerId: string): SecretContext {
  return { tenant: providerId, target: 'stripe' };
}
