import { z } from 'zod';
import { usageFilter } from '../usage/filter.ts';

const { customerId, ...rest } = usageFilter;

/** Input members of every question about margin: those about usage. The customer is a condition, not whose figures they are. */
export const marginFilter = { ...rest, ofCustomerId: customerId.meta({ description: 'Calls of this customer' }) };
const filterSchema = z.object(marginFilter);

/** The same as a condition on usage. */
export function toUsageFilter({ ofCustomerId, ...filter }: z.output<typeof filterSchema>) {
  return { ...filter, customerId: ofCustomerId };
}

export const marginGroup = z.enum(['api', 'customer', 'agent', 'model', 'route', 'rail']);
