import type { Plan } from '../outputs.ts';

export interface VersionChoice {
  readonly planVersionId: string;
  /** `Pro version 2`. */
  readonly label: string;
}

/** Every published version that a customer may be on: of public plans and of its own, without the one it is on. */
export function versionChoices(
  plans: readonly Plan[],
  customerId: string,
  currentVersionId: string | null,
): readonly VersionChoice[] {
  return plans
    .filter((plan) => plan.customerId === null || plan.customerId === customerId)
    .flatMap((plan) =>
      plan.versions
        .filter(({ status, id }) => status === 'published' && id !== currentVersionId)
        .map(({ id, version }) => ({ planVersionId: id, label: `${plan.name} version ${version}` })),
    );
}
