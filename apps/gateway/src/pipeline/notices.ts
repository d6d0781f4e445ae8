import type { Notice } from '@tollwright/contracts';
import type { BudgetNode, Watch } from '@tollwright/policies';
import type { EventTail } from '../spool/record.ts';
import type { Granted } from './reserve.ts';
import type { Visit } from './visit.ts';

/** The same outcome with the thresholds that the call reached: they are in the spool with its event, or not at all. */
export function withNotices(visit: Visit, granted: Granted, tail: EventTail): EventTail {
  const notices = reached(visit, granted, tail);
  if (notices.length === 0) return tail;
  const { principal, api } = granted.call;
  const about = { customerId: principal.customer.customerId, apiId: api.snapshot.apiId };
  for (const notice of notices) visit.gateway.onNotice(notice, about);
  return { ...tail, notices };
}

function reached(visit: Visit, granted: Granted, { charges }: EventTail): Notice[] {
  const { api, principal, asked, nodes: asks } = granted.call;
  const { thresholds } = api.budget.options;
  const { budgetNodes } = principal.key;
  const notices: Notice[] = [];
  for (let index = 0; index < budgetNodes.length; index++) {
    const { limitNanoUsd } = budgetNodes[index] as BudgetNode;
    look(visit, granted, index, { limit: limitNanoUsd, thresholds }, charges, notices);
  }
  if (asked === null) return notices;
  const first = asks.length - asked.holds.length;
  asked.holds.forEach(({ watch }, index) => {
    if (watch !== undefined) look(visit, granted, first + index, watch, charges, notices);
  });
  return notices;
}

function look(
  { gateway }: Visit,
  { nodes }: Granted,
  index: number,
  watch: Watch,
  charges: EventTail['charges'],
  notices: Notice[],
): void {
  const granted = nodes[index];
  if (granted === undefined) return;
  const { node, periodId, spent } = granted;
  const charged = charges.find((charge) => charge.node === node)?.amount ?? 0n;
  notices.push(...gateway.thresholds(watch, { node, periodId, used: spent + charged }));
}
