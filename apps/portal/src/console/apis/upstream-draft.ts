import type { BreakerOptions } from '@tollwright/contracts';
import type { Api } from '../outputs.ts';

export type Breaker = Api['upstreamBreaker'];

/** A number of a breaker, as the form names it. */
export interface BreakerNumber {
  readonly name: keyof BreakerOptions;
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly unit?: string;
}

export const BREAKER_NUMBERS: readonly BreakerNumber[] = [
  { name: 'failuresInARow', label: 'Failures in a row', hint: 'So many open it at once.', min: 1, unit: 'calls' },
  {
    name: 'failurePercent',
    label: 'Failed calls',
    hint: 'So many of those in the window open it too.',
    min: 1,
    unit: '%',
  },
  { name: 'windowMs', label: 'Window', hint: 'How far back calls are looked at.', min: 100, unit: 'ms' },
  {
    name: 'callsMin',
    label: 'Calls at least',
    hint: 'With fewer in the window their share opens nothing.',
    min: 1,
    unit: 'calls',
  },
  {
    name: 'openMs',
    label: 'Stays open for',
    hint: 'Then one call tries whether the address is back.',
    min: 100,
    unit: 'ms',
  },
];

/** The breaker that a form says. Numbers are read only where they are what was chosen. */
export function breakerOf(form: FormData): Breaker {
  const kind = String(form.get('breaker')) as Breaker['kind'];
  if (kind !== 'custom') return { kind };
  const numbers = BREAKER_NUMBERS.map(({ name }) => [name, Math.round(Number(form.get(name)))] as const);
  return { kind, ...(Object.fromEntries(numbers) as unknown as BreakerOptions) };
}

/** What a breaker does, in a sentence: `Opens after 10 failures in a row, or when 50 % of at least 20 calls within 10 s failed; …`. */
export function breakerText({ failuresInARow, failurePercent, callsMin, windowMs, openMs }: BreakerOptions): string {
  const share = `${failurePercent} % of at least ${callsMin} calls within ${windowMs / 1000} s failed`;
  return `Opens after ${failuresInARow} failures in a row, or when ${share}. For ${openMs / 1000} s nobody is let through, then one call tries the address.`;
}
