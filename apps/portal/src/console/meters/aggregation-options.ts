import type { Aggregation } from '@tollwright/core';

/** How a meter can fold events, in the words of the form. Plans price and limit the first two. */
export const AGGREGATION_OPTIONS: { value: Aggregation; label: string; hint: string }[] = [
  { value: 'SUM', label: 'SUM', hint: 'Adds one field of the events up.' },
  { value: 'COUNT', label: 'COUNT', hint: 'Counts the events.' },
  { value: 'UNIQUE_COUNT', label: 'UNIQUE_COUNT', hint: 'Counts the different values of a field. For reports only.' },
  { value: 'AVG', label: 'AVG', hint: 'The average of a field. For reports only.' },
  { value: 'MIN', label: 'MIN', hint: 'The smallest value of a field. For reports only.' },
  { value: 'MAX', label: 'MAX', hint: 'The largest value of a field. For reports only.' },
  { value: 'LATEST', label: 'LATEST', hint: 'The value of the latest event. For reports only.' },
];
