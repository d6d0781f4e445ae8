import type { OfferedTerms } from '@tollwright/contracts';
import { formatNanoUsdExact, formatQuantityExact } from '@tollwright/ui';
import { monthlyFeeNanoUsd } from '../../plan/price-list.ts';
import { perPeriod } from '../../plan/words.ts';
import type { CustomerHome } from '../outputs.ts';

type Quotas = CustomerHome['quotas'];

const LIMITS = 'Its limits and prices hold from the next call on';

/** What happens when a customer without a plan takes one. */
export function subscribeConsequence(terms: OfferedTerms, providerName: string): string {
  const fee = BigInt(monthlyFeeNanoUsd(terms.rateCards));
  const money =
    fee === 0n
      ? 'It has no monthly fee.'
      : `Its fee of ${usd(fee)} is owed to ${providerName} now, and again when each billing cycle begins; what is left of a running one is charged in part. It comes on an invoice.`;
  return `${LIMITS}. ${money}`;
}

/** What happens when a customer changes from one plan, or version, to another. `used` are the quotas as they stand. */
export function changeConsequence(from: OfferedTerms, to: OfferedTerms, used: Quotas): string {
  return [`${LIMITS}, in place of those you have.`, feeChange(from, to), ...quotaWarnings(to, used)].join(' ');
}

function feeChange(from: OfferedTerms, to: OfferedTerms): string {
  const [before, after] = [BigInt(monthlyFeeNanoUsd(from.rateCards)), BigInt(monthlyFeeNanoUsd(to.rateCards))];
  if (after === before) return after === 0n ? 'Neither has a monthly fee.' : `The monthly fee stays ${usd(after)}.`;
  return after > before
    ? `The monthly fee becomes ${usd(after)}; the difference for the rest of the billing cycle comes on an invoice now.`
    : `What is paid for this billing cycle stays; from the next one on the fee is ${usd(after)}.`;
}

/** What was used stays used; where that is more than the new quota, calls stop at once. */
function quotaWarnings(to: OfferedTerms, used: Quotas): readonly string[] {
  const over = to.quotas.flatMap(({ featureKey, period, limit }) => {
    const now = used.find((quota) => quota.featureKey === featureKey && quota.period === period);
    if (!now || BigInt(now.used) < BigInt(limit)) return [];
    const name = featureKey.replaceAll('_', ' ');
    return [
      `You have used ${formatQuantityExact(now.used)} of its ${formatQuantityExact(limit)} ${name} ${perPeriod(period)}: calls are refused until the next period.`,
    ];
  });
  return over.length > 0 ? over : ['What you have used of a quota stays used.'];
}

function usd(nanoUsd: bigint): string {
  return `${formatNanoUsdExact(nanoUsd)} USD`;
}
