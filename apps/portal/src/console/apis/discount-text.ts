import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import type { Route } from '../outputs.ts';

type Tier = NonNullable<Route['discount']>['tiers'][number];

const TIERS_MAX = 8;
const TIER = /^(\d{1,2})\s*% from (\S+) (calls?|usd)$/i;

/** Tiers as a person types them, `10% from 100 calls, 25% from 5 USD`; null where they are none. Nothing has no tiers. */
export function tiersOf(typed: string): Tier[] | null {
  const parts = typed.split(/[,;\n]\s*/).filter((part) => part.trim() !== '');
  const tiers = parts.map((part) => tierOf(part.trim()));
  return tiers.length > TIERS_MAX || tiers.includes(null) ? null : (tiers as Tier[]);
}

/** The same the other way. */
export function tiersTyped(tiers: readonly Tier[]): string {
  return tiers
    .map((tier) => {
      const from = tier.measure === 'calls' ? `${tier.from} calls` : `${usdTyped(tier.fromNanoUsd)} USD`;
      return `${tier.percentOff}% from ${from}`;
    })
    .join(', ');
}

function tierOf(part: string): Tier | null {
  const [, percent = '', amount = '', unit = ''] = TIER.exec(part) ?? [];
  const percentOff = Number(percent);
  if (percentOff < 1) return null;
  if (unit.toLowerCase() === 'usd') {
    const fromNanoUsd = nanoUsdOf(amount);
    return fromNanoUsd === null || fromNanoUsd === '0' ? null : { measure: 'usd', fromNanoUsd, percentOff };
  }
  const from = /^\d{1,9}$/.test(amount) ? Number(amount) : 0;
  return from < 1 ? null : { measure: 'calls', from, percentOff };
}
