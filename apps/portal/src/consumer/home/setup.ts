/** A step of setting a customer up. */
export interface SetupStep {
  readonly key: 'plan' | 'agent' | 'key' | 'call';
  readonly done: boolean;
}

/** What is there already. */
export interface SetupState {
  readonly hasPlan: boolean;
  readonly agents: number;
  readonly hasKey: boolean;
  readonly hasCalled: boolean;
}

/** The steps in their order; a later one that is done does not make an earlier one done. */
export function setupSteps(state: SetupState): readonly SetupStep[] {
  return [
    { key: 'plan', done: state.hasPlan },
    { key: 'agent', done: state.agents > 0 },
    { key: 'key', done: state.hasKey },
    { key: 'call', done: state.hasCalled },
  ];
}

/** The first step that is still to do; null when all are done. */
export function nextStep(steps: readonly SetupStep[]): SetupStep['key'] | null {
  return steps.find(({ done }) => !done)?.key ?? null;
}
