import { fromDbPlanTerms, type Tx } from '@tollwright/db';
import type { DraftLine } from './usage-lines.ts';

/** Names lines as the price list does: by plan, rate card and model. */
export async function namedLines(
  tx: Tx,
  lines: readonly DraftLine[],
): Promise<(DraftLine & { description: string })[]> {
  const ids = [...new Set(lines.flatMap(({ planVersionId }) => planVersionId ?? []))];
  const versions = await tx.planVersion.findMany({ where: { id: { in: ids } }, include: { plan: true } });
  const plans = new Map(
    versions.map(({ id, plan, terms }) => {
      const cards = fromDbPlanTerms(terms).rateCards;
      return [id, { name: plan.name, cards: new Map(cards.map(({ key, name }) => [key, name])) }] as const;
    }),
  );
  return lines.map((line) => {
    const plan = line.planVersionId === null ? undefined : plans.get(line.planVersionId);
    return { ...line, description: line.description ?? describe(line, plan) };
  });
}

interface NamedPlan {
  readonly name: string;
  readonly cards: ReadonlyMap<string, string>;
}

function describe({ kind, rateCardKey, meter, model }: DraftLine, plan: NamedPlan | undefined): string {
  const ofPlan = plan === undefined ? '' : `${plan.name}: `;
  switch (kind) {
    case 'fee':
      return plan?.name ?? 'Plan';
    case 'usage': {
      if (rateCardKey === null) return `${ofPlan}calls`;
      const name = plan?.cards.get(rateCardKey) ?? `${meter ?? rateCardKey} beyond the quota`;
      return `${ofPlan}${name}${model === null ? '' : `, ${model}`}`;
    }
    case 'shortfall':
      return `${ofPlan}used beyond what calls had reserved, not charged`;
    case 'credit':
      return 'Paid from prepaid credit';
    case 'rerating':
      return `${ofPlan}${plan?.cards.get(rateCardKey ?? '') ?? meter}, priced again for the whole cycle`;
    case 'discount':
      return `${ofPlan}${plan?.cards.get(rateCardKey ?? '') ?? meter}, amount off`;
    case 'minimum':
      return `${ofPlan}up to the minimum`;
    case 'rounding':
      return 'Rounded to whole cents';
    case 'tax':
      return 'Tax';
  }
}
