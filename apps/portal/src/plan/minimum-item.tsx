import type { OfferedTerms } from '@tollwright/contracts';
import { Money } from '@tollwright/ui';

/** What usage comes to at least, as an entry of a list of facts; none for a plan without a minimum. */
export function minimumItems({ minimumNanoUsd }: Pick<OfferedTerms, 'minimumNanoUsd'>) {
  if (minimumNanoUsd === undefined) return [];
  return [{ label: 'Usage at least', value: <Money nanoUsd={minimumNanoUsd} per="a month" /> }];
}
