import type { Tx } from '@tollwright/db';
import { budgetNodeName } from '../budget/budget.ts';

/** Whose budgets these nodes are, in words such as `agent alpha`; nodes of budgets that are gone are left out. */
export async function budgetOwners(tx: Tx, nodes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = nodes.flatMap((node) => (node.startsWith('budget:') ? [node.slice('budget:'.length)] : []));
  if (ids.length === 0) return new Map();
  const budgets = await tx.budget.findMany({ where: { id: { in: ids } } });
  const where = { id: { in: budgets.map(({ subjectId }) => subjectId) } };
  const select = { id: true, name: true } as const;
  const named = [
    ...(await tx.project.findMany({ where, select })),
    ...(await tx.agent.findMany({ where, select })),
    ...(await tx.apiKey.findMany({ where, select })),
  ];
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return new Map(
    budgets.map(({ id, subject, subjectId }) => [
      budgetNodeName(id),
      subject === 'customer' ? 'the account' : `${subject} ${names.get(subjectId) ?? subjectId}`,
    ]),
  );
}
