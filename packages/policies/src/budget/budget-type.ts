import { definePolicy } from '../policy-type.ts';
import { budgetOptions } from './budget.ts';

/** Budgets run on every priced call; this policy sets how. */
export const budgetType = definePolicy({
  type: 'budget',
  title: 'Budgets',
  summary: 'Holds the worst-case price of a call against every budget from the owner down to the key.',
  options: budgetOptions,
  levels: ['api'],
  mayShadow: false,
  stacking: 'replace',
  phase: 'head',
  create: () => null,
});
