import { openLedger } from '../chain/ledger.ts';
import { BASE, BASE_SEPOLIA, type LocalNetwork } from '../chain/network.ts';
import { repositoryRoot } from '../postgres/migrate.ts';
import { banner } from './banner.ts';
import { Crew } from './crew.ts';
import { databaseUrlOn, prepareDatabase } from './database.ts';
import type { LauncherEnv } from './env.ts';
import { type Home, openHome } from './home.ts';
import { writeLocalFile } from './local-file.ts';
import { makePlan, type Plan } from './plan.ts';
import { planPorts } from './port-plan.ts';
import { keepPostgres, type PostgresKeeper } from './postgres-keeper.ts';
import { apps, surroundings } from './processes.ts';
import { endLeftovers, saveRun } from './run-file.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import type { SeedResult } from './seed-result.ts';
import { seed } from './seed-run.ts';
import type { ProcessSpec } from './supervisor.ts';

/** One local run, from its first line to its last. */
export class Launch {
  readonly #env: LauncherEnv;
  readonly #say: (line: string) => void;
  readonly #crew: Crew;
  #home: Home | null = null;
  #opening: Promise<PostgresKeeper> | null = null;
  #running: { plan: Plan; made: SeedResult } | null = null;

  constructor(env: LauncherEnv, say: (line: string) => void) {
    this.#env = env;
    this.#say = say;
    this.#crew = new Crew({ say, changed: () => this.#publish() });
  }

  /** Brings everything up in order and prints where it is. */
  async start(): Promise<void> {
    const startedAt = performance.now();
    const home = openHome(this.#env.homeDir);
    const left = await endLeftovers(home, repositoryRoot);
    if (left.length > 0) this.#say(`Ended what an earlier run left: ${left.join(', ')}`);
    this.#home = home;
    this.#publish();
    const plan = await this.#prepare(home);
    this.#say('Starting worker, two gateways and portal');
    await Promise.all(apps(plan).map((spec) => this.#crew.startApp(spec)));
    this.#say('Filling in demo data, if there is none');
    this.#running = { plan, made: await seed(plan) };
    const local = writeLocalFile(plan, this.#running.made, this.#crew.processes());
    this.#say(banner(local, home.dir, (performance.now() - startedAt) / 1000));
  }

  /** Stops everything that was started, also a server that is just opening. */
  async stop(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await this.#crew.stop();
  }

  async #prepare(home: Home): Promise<Plan> {
    const ports = await planPorts(home, this.#env);
    const secrets = openSecrets(home);
    this.#say('Starting PostgreSQL');
    const events = { say: this.#say, changed: () => this.#publish() };
    this.#opening = keepPostgres(home, ports.postgres, events).then((keeper) => this.#crew.adopt(keeper));
    const postgres = await this.#opening;
    const plan = makePlan({ env: this.#env, home, ports, secrets, databaseUrl: databaseUrlOn(postgres.url) });
    this.#say('Migrating the database; starting chains, facilitator and sample upstream');
    await Promise.all([this.#migrate(postgres.url, secrets), this.#surround(plan)]);
    return plan;
  }

  async #migrate(serverUrl: string, secrets: Secrets): Promise<void> {
    await prepareDatabase(serverUrl, secrets);
    this.#say('The database is up to date');
  }

  async #surround(plan: Plan): Promise<void> {
    const { evmChains, tempo, facilitator, stripe, upstream } = surroundings(plan);
    const start = (spec: ProcessSpec) => this.#crew.startSurrounding(spec);
    const { rpc, rpc2 } = plan.urls;
    const settling = Promise.all(evmChains.map(start)).then(() =>
      Promise.all([start(facilitator), fundAgent(plan, rpc, BASE_SEPOLIA), fundAgent(plan, rpc2, BASE)]),
    );
    await Promise.all([settling, start(tempo), start(stripe), start(upstream)]);
  }

  /** Keeps the pids on disk true, for the next launcher and for tests. */
  #publish(): void {
    if (this.#home) saveRun(this.#home, this.#crew.identities());
    if (this.#running) writeLocalFile(this.#running.plan, this.#running.made, this.#crew.processes());
  }
}

const agentBalanceMinAtomic = 100_000_000n;

/** Gives the demo agent dollars to pay with, also by Permit2; the chain may have lost what an earlier run gave. */
async function fundAgent(plan: Plan, rpcUrl: string, network: LocalNetwork): Promise<void> {
  const ledger = openLedger(rpcUrl, network);
  await ledger.prepare();
  const agent = plan.accounts.agentAddress;
  if ((await ledger.balanceOf(agent)) < agentBalanceMinAtomic) await ledger.mint(agent, 10n * agentBalanceMinAtomic);
  await ledger.approvePermit2(agent);
}
