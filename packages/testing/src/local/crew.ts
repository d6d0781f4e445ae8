import type { LocalProcess } from './local-file.ts';
import type { PostgresKeeper } from './postgres-keeper.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { type ProcessSpec, Supervised, type SupervisorEvents } from './supervisor.ts';

const appsGraceMs = 4500;
const surroundingsGraceMs = 1500;

/** Everybody who runs, and the order in which they leave. */
export class Crew {
  readonly #events: SupervisorEvents;
  readonly #apps: Supervised[] = [];
  readonly #surroundings: Supervised[] = [];
  #postgres: PostgresKeeper | null = null;
  #stopping = false;

  constructor(events: SupervisorEvents) {
    this.#events = events;
  }

  /** Starts one of the product's own processes and waits until it is ready. */
  startApp(spec: ProcessSpec): Promise<void> {
    return this.#start(spec, this.#apps);
  }

  /** Starts something that the product talks to; these are stopped after the apps. */
  startSurrounding(spec: ProcessSpec): Promise<void> {
    return this.#start(spec, this.#surroundings);
  }

  /** The database server, which leaves last. */
  adopt(postgres: PostgresKeeper): PostgresKeeper {
    this.#postgres = postgres;
    return postgres;
  }

  /** The children, for the next launcher to find should this one be killed. */
  identities(): (ProcessIdentity & { name: string })[] {
    return this.#all().flatMap(({ spec, identity }) => (identity ? [{ name: spec.name, ...identity }] : []));
  }

  /** Who runs now, PostgreSQL included. */
  processes(): LocalProcess[] {
    const children = this.#all().flatMap(({ spec, identity }) =>
      identity ? [{ name: spec.name, pid: identity.pid, url: spec.url }] : [],
    );
    const server = this.#postgres?.identity();
    const { hostname, port } = new URL(this.#postgres?.url ?? 'postgresql://127.0.0.1');
    return server
      ? [...children, { name: 'postgres', pid: server.pid, url: `postgresql://${hostname}:${port}` }]
      : children;
  }

  /** Ends all: the apps while what they need still answers, then the rest, then PostgreSQL. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#apps.map((app) => app.stop(appsGraceMs)));
    await Promise.all(this.#surroundings.map((one) => one.stop(surroundingsGraceMs)));
    await this.#postgres?.stop();
    this.#events.changed();
  }

  async #start(spec: ProcessSpec, group: Supervised[]): Promise<void> {
    if (this.#stopping) throw new Error('Stopped while starting.');
    const one = new Supervised(spec, this.#events);
    group.push(one);
    await one.start();
  }

  #all(): { spec: ProcessSpec; identity: ProcessIdentity | null }[] {
    return [...this.#surroundings, ...this.#apps].map((one) => ({ spec: one.spec, identity: one.identity() }));
  }
}
