import type { OfferedTerms } from '@tollwright/contracts';
import { formatQuantityCompact, formatQuantityExact } from '@tollwright/ui';

type Period = OfferedTerms['defaultKeyBudget']['period'];

const WINDOWS: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86400: 'day' };

/** How numbers are written: every digit, or `1.2M` where a table has no room for them. */
type Digits = 'exact' | 'compact';
const FORMATS = { exact: formatQuantityExact, compact: formatQuantityCompact } as const;

/** `10 requests a minute`, or `No limit`. */
export function rateLimitText(rateLimit: OfferedTerms['rateLimit'], digits: Digits = 'exact'): string {
  if (rateLimit === null) return 'No limit';
  const requests = rateLimit.limit === 1 ? 'request' : 'requests';
  const window = WINDOWS[rateLimit.windowSeconds];
  const per = window === undefined ? `in ${formatQuantityExact(rateLimit.windowSeconds)} seconds` : `a ${window}`;
  return `${FORMATS[digits](rateLimit.limit)} ${requests} ${window === 'hour' ? 'an hour' : per}`;
}

/** `a month`, `an hour`, `in total`. */
export function perPeriod(period: Period): string {
  if (period === 'total') return 'in total';
  return period === 'hour' ? 'an hour' : `a ${period}`;
}

/** `this month`, `in total`. */
export function thisPeriod(period: Period): string {
  if (period === 'total') return 'in total';
  return period === 'day' ? 'today' : `this ${period}`;
}

/** `10,000 tokens a month`; the feature's key names the unit. */
export function quotaText(quota: OfferedTerms['quotas'][number], digits: Digits = 'exact'): string {
  return `${FORMATS[digits](quota.limit)} ${quota.featureKey.replaceAll('_', ' ')} ${perPeriod(quota.period)}`;
}
