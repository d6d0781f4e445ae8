const USD = 1_000_000_000n;
const usd = (dollars: number) => (BigInt(dollars) * USD).toString();

export interface DemoAgent {
  readonly name: string;
  readonly framework: string;
  readonly project: string | null;
  /** A monthly budget of its own, in nano-dollars. */
  readonly budgetNanoUsd: string | null;
  /** How busy it is beside the others of its customer; 0 has no key. */
  readonly weight: number;
}

export interface DemoCustomer {
  readonly name: string;
  readonly plan: string;
  readonly projects: readonly string[];
  readonly agents: readonly DemoAgent[];
  readonly budgetNanoUsd: string | null;
  /** Calls of the week of history. */
  readonly calls: number;
  /** Tokens that its plan leaves it; history stays below. */
  readonly tokensMax: number;
  /** Typical size of a prompt, in tokens. */
  readonly promptTokens: number;
}

const FRAMEWORKS = ['langgraph', 'openai-agents', 'crewai', 'pydantic-ai', 'autogen', 'mastra'];
const INITECH_PROJECTS = [
  'Billing desk',
  'Claims',
  'Compliance',
  'Field service',
  'Hiring',
  'Procurement',
  'Quality',
  'Reporting',
];
const INITECH_AGENTS = 300;
const INITECH_BUSY = 60;

function initechAgent(index: number): DemoAgent {
  const project = INITECH_PROJECTS[index % INITECH_PROJECTS.length] ?? null;
  const slug = (project ?? 'agent').toLowerCase().replaceAll(' ', '-');
  return {
    name: `${slug}-${String(Math.floor(index / INITECH_PROJECTS.length) + 1).padStart(2, '0')}`,
    framework: FRAMEWORKS[index % FRAMEWORKS.length] ?? '',
    project,
    budgetNanoUsd: null,
    weight: index < INITECH_BUSY ? 1 / (1 + index / 12) : 0,
  };
}

const agent = (name: string, framework: string, budget: number | null, weight: number): DemoAgent => ({
  name,
  framework,
  project: null,
  budgetNanoUsd: budget === null ? null : usd(budget),
  weight,
});

/** The agent whose key local.json names. */
export const LOAD_AGENT = 'load-runner';

export const CUSTOMERS: readonly DemoCustomer[] = [
  {
    name: 'Globex',
    plan: 'load',
    projects: [],
    agents: [
      agent('research-scout', 'langgraph', 50, 5),
      agent('support-desk', 'openai-agents', 25, 4),
      agent(LOAD_AGENT, 'custom', null, 1),
    ],
    budgetNanoUsd: usd(100_000),
    calls: 2_200,
    tokensMax: 1_000_000_000,
    promptTokens: 6_000,
  },
  {
    name: 'Initech',
    plan: 'enterprise',
    projects: INITECH_PROJECTS,
    agents: Array.from({ length: INITECH_AGENTS }, (_, index) => initechAgent(index)),
    budgetNanoUsd: usd(2_000),
    calls: 3_000,
    tokensMax: 400_000_000,
    promptTokens: 8_000,
  },
  {
    name: 'Umbrella Labs',
    plan: 'pro',
    projects: [],
    agents: [agent('trial-reader', 'crewai', 20, 3), agent('lab-notes', 'pydantic-ai', null, 1)],
    budgetNanoUsd: null,
    calls: 420,
    tokensMax: 900_000,
    promptTokens: 900,
  },
  {
    name: 'Stark Tools',
    plan: 'free',
    projects: [],
    agents: [agent('bench-helper', 'mastra', null, 1)],
    budgetNanoUsd: null,
    calls: 40,
    tokensMax: 9_000,
    promptTokens: 120,
  },
];
