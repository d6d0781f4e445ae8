/**
 * How the next events reach their endpoints.
 * - `late`: after `delayMs` of the double's clock; - `twice`: once more after the first time was answered;
 * - `never`: not at all, though they are listed; - `hold`: when they are released, in the order that is asked for then;
 * - `reverse`: once `count` of them are there, the last one first.
 */
export type DeliveryPlan = {
  readonly mode: 'late' | 'twice' | 'never' | 'hold' | 'reverse';
  /** How many events it is for. */
  readonly count: number;
  /** The events it is for, as a name or with a star at its end; all when not given. */
  readonly type?: string;
  readonly delayMs?: number;
};

/** Whether an event's name is the wanted one, which may end in a star. */
export function isWanted(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** Throws when it is no plan. */
export function checkPlan(plan: DeliveryPlan): DeliveryPlan {
  if (!['late', 'twice', 'never', 'hold', 'reverse'].includes(plan.mode)) throw new Error(`no such mode: ${plan.mode}`);
  if (!(plan.count > 0)) throw new Error('count has to be above zero');
  if (plan.mode === 'late' && !((plan.delayMs ?? 0) > 0)) throw new Error('late needs delayMs');
  return plan;
}
