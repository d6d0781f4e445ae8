/** What the first steps are read from. */
export interface SetupFacts {
  readonly apis: number;
  readonly meters: number;
  readonly publishedPlans: number;
  readonly calls: number;
}

export interface SetupStep {
  readonly key: 'api' | 'meters' | 'plan' | 'call';
  readonly title: string;
  readonly why: string;
  /** Below the console's address. */
  readonly path: string;
  /** The verb of its button. */
  readonly action: string;
  readonly done: boolean;
}

/** The way from an empty console to the first paid call, in its order. Done is what is there, not what was clicked. */
export function setupSteps(facts: SetupFacts): readonly SetupStep[] {
  return [
    {
      key: 'api',
      title: 'Add an API',
      why: 'An OpenAPI document becomes routes that agents call through the gateway.',
      path: '/apis/new',
      action: 'Add API',
      done: facts.apis > 0,
    },
    {
      key: 'meters',
      title: 'Define what is counted',
      why: 'Meters count requests and tokens; plans price and limit them.',
      path: '/meters',
      action: 'Define meters',
      done: facts.meters > 0,
    },
    {
      key: 'plan',
      title: 'Publish a plan',
      why: 'Agent owners subscribe to it in your portal.',
      path: '/plans/new',
      action: 'Create plan',
      done: facts.publishedPlans > 0,
    },
    {
      key: 'call',
      title: 'See the first call',
      why: 'It shows up here within five seconds, with its price.',
      path: '/apis',
      action: 'Show address',
      done: facts.calls > 0,
    },
  ];
}
