import type { Tx } from '@tollwright/db';

/** What people call the subjects of these customers' budgets, by id. */
export async function subjectNames(tx: Tx, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const select = { id: true, name: true } as const;
  const query = { where: { customerId: { in: [...customerIds] } }, select };
  const lists = [
    await tx.customer.findMany({ where: { id: { in: [...customerIds] } }, select }),
    await tx.project.findMany(query),
    await tx.agent.findMany(query),
    await tx.apiKey.findMany(query),
  ];
  return new Map(lists.flat().map(({ id, name }) => [id, name]));
}
