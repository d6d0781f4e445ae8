import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openServices, type ServiceContext } from '@tollwright/services';
import type { StatePort } from '@tollwright/state';
import {
  copyTemplate,
  type DatabaseCopy,
  type DatabaseTemplate,
  freePort,
  migrateTemplate,
  openProxy,
  startPostgres,
  startUpstream,
  type Proxy as TcpProxy,
  type Upstream,
} from '@tollwright/testing';
import { type Money, openMoney } from './money.ts';
import { moveableClock } from './moveable-clock.ts';
import { noteOpen } from './open-things.ts';
import { openEveryRail, type Rails } from './payments/every-rail.ts';
import { answers, type Program, startProgram, untilReady } from './process.ts';
import { type Adapter, openStore, type Store, type StoreKind, stateAs } from './store.ts';
import { makeTenant, type Tenant } from './tenant.ts';

const PUBLIC_URLS = { PORTAL_PUBLIC_URL: 'http://portal.test', GATEWAY_PUBLIC_URL: 'http://gateway.test' };
const EPOCH_MS_MAX = 60_000;

/** The PostgreSQL cluster of a run, with a migrated template of the control plane. */
export interface Ground {
  readonly template: DatabaseTemplate;
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-faults-'));
  chmodSync(folder, 0o711);
  const postgres = await startPostgres({ dataDir: join(folder, 'pg'), durable: false, maxConnections: 300 });
  const close = noteOpen(async () => {
    await postgres.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    return { template: await migrateTemplate(postgres.url, 'tollwright_template'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface StageOptions {
  readonly ground: Ground;
  readonly adapter: Adapter;
  readonly storeKind: StoreKind;
  readonly plant: string | null;
  /** Opens a chain and a facilitator too, and sells to strangers; or everything that a rail needs. */
  readonly sellsToStrangers?: Sells;
}

/** `true`: by x402 and `evm` on one chain. `by-own-facilitator`: on every rail, and the worker settles x402 and `evm`. */
export type Sells = boolean | 'on-every-rail' | 'by-own-facilitator';

/** The program of a worker. */
const ENTRY = 'apps/worker/dist/main.js';

export interface WorkerOptions {
  /** Another one: the same with numbered steps, for instance. */
  readonly entry?: string;
  /** Modules of the test that it loads first. */
  readonly imports?: readonly string[];
  /** One of them answers messages. */
  readonly hears?: boolean;
}

/** Everything but gateways: the stores, one worker, the sample upstream behind a proxy, and a provider that sells it. */
export interface Stage {
  readonly adapter: Adapter;
  readonly plant: string | null;
  readonly folder: string;
  readonly store: Store;
  readonly database: DatabaseCopy;
  /** The verbs of the product, as the portal calls them. */
  readonly services: ServiceContext;
  /** The state port with the worker's rights, not through any proxy. */
  readonly state: StatePort;
  readonly upstream: Upstream;
  readonly upstreamProxy: TcpProxy;
  readonly tenant: Tenant;
  readonly masterKeyFile: string;
  /** Null unless the scenario asked for it. */
  readonly money: Money | null;
  /** The same, of a scenario that asked for every rail. */
  readonly rails: Rails | null;
  /** The loopback addresses that guarded requests may reach, joined by commas. */
  readonly egressAllow: string;
  readonly worker: Program;
  /** Kills the worker and starts another. Answers it. */
  restartWorker(options?: WorkerOptions): Promise<Program>;
  /** From now on the workers' clock is so far ahead of this machine's. */
  moveWorkerClock(aheadMs: number): void;
  /** Runs `npm run epoch` with these words, as an operator does. Answers what it said. */
  epoch(...words: string[]): Promise<string>;
  /** Waits until the state store's epoch is open. Answers its number. */
  untilOpen(): Promise<number>;
  close(): Promise<void>;
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { ground, adapter, storeKind, plant, sellsToStrangers = false } = options;
  const ends: (() => unknown)[] = [];
  const close = noteOpen(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  try {
    const folder = mkdtempSync(join(tmpdir(), 'tollwright-stage-'));
    chmodSync(folder, 0o711);
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const database = await copyTemplate(ground.template, `stage_${randomBytes(6).toString('hex')}`);
    ends.push(() => database.drop());
    const store = await openStore(adapter, storeKind, folder, database);
    ends.push(() => store.close());
    const upstream = await startUpstream({ port: 0, token: randomBytes(12).toString('hex') });
    ends.push(() => upstream.close());
    const upstreamProxy = await openProxy(upstream.port);
    ends.push(() => upstreamProxy.close());
    const hasOwnFacilitator = sellsToStrangers === 'by-own-facilitator';
    const hasRails = hasOwnFacilitator || sellsToStrangers === 'on-every-rail';
    const rails = hasRails ? await openEveryRail({ hasOwnFacilitator }) : null;
    const money = rails ?? (sellsToStrangers ? await openMoney() : null);
    ends.push(() => money?.close());
    const upstreamAddress = `127.0.0.1:${upstreamProxy.port}`;
    const egressAllow = [upstreamAddress, ...(money?.allow ?? [])].join(',');
    const masterKeyFile = join(folder, 'master.key');
    writeFileSync(masterKeyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    const mailDir = join(folder, 'mail');
    mkdirSync(mailDir);
    const workerVariables = {
      ...{ DATABASE_URL: database.urlAs('tollwright_worker'), ...store.variables('tollwright_worker') },
      ...{ QUEUE_DATABASE_URL: database.urlAs('tollwright_queue'), TOLLWRIGHT_MAIL_DIR: mailDir, ...PUBLIC_URLS },
      ...{ TOLLWRIGHT_MASTER_KEY_FILE: masterKeyFile, TOLLWRIGHT_EGRESS_ALLOW: egressAllow, LOG_LEVEL: 'info' },
      ...money?.workerEnv,
    };
    const clock = moveableClock(join(folder, 'clock-worker'));
    const startOne = ({ imports = [], ...options }: WorkerOptions = {}) =>
      startWorker(workerVariables, plant, { ...options, imports: [...store.imports, clock.imported, ...imports] });
    let worker = await startOne();
    ends.push(() => worker.stop());
    const state = stateAs(store, 'tollwright_worker');
    ends.push(() => state.close());
    const stripeUrl = money?.workerEnv.STRIPE_API_URL;
    const services = openPortal(database, store, { masterKeyFile, mailDir, allow: egressAllow, stripeUrl });
    ends.push(() => services.close());
    const untilOpen = () => openEpoch(state, () => worker);
    await untilOpen();
    const tenant = await makeTenant(services.ctx, { url: `http://${upstreamAddress}`, token: upstream.token });
    await money?.sell(services.ctx, tenant);
    return {
      ...{ adapter, plant, folder, store, database, services: services.ctx, state, upstream, upstreamProxy, tenant },
      ...{ masterKeyFile, money, rails, egressAllow, untilOpen, close, moveWorkerClock: clock.move },
      get worker() {
        return worker;
      },
      async restartWorker(options) {
        await worker.kill();
        worker = await startOne(options);
        return worker;
      },
      epoch: (...words) => runEpoch(words, workerVariables),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openPortal(
  database: DatabaseCopy,
  store: Store,
  given: { masterKeyFile: string; mailDir: string; allow: string; stripeUrl: string | undefined },
) {
  const { masterKeyFile, mailDir, allow, stripeUrl } = given;
  const where = store.variables('tollwright_portal');
  return openServices({
    databaseUrl: database.urlAs('tollwright_portal'),
    stateDatabaseUrl: 'REDIS_URL' in where ? '' : where.STATE_DATABASE_URL,
    redisUrl: 'REDIS_URL' in where ? where.REDIS_URL : undefined,
    stripeUrl,
    ...{ poolMax: 4, masterKeyFile, egressAllow: allow.split(','), signup: 'closed', mail: { directory: mailDir } },
    publicUrls: { portalUrl: PUBLIC_URLS.PORTAL_PUBLIC_URL, gatewayUrl: PUBLIC_URLS.GATEWAY_PUBLIC_URL },
    mailFrom: 'Tollwright <no-reply@tollwright.test>',
    // The worker sends what stays behind while the store is broken.
    onError: () => undefined,
  });
}

async function startWorker(
  env: Record<string, string>,
  plant: string | null,
  { entry = ENTRY, imports = [], hears = false }: WorkerOptions,
): Promise<Program> {
  const port = await freePort();
  const variables = { ...env, HOST: '127.0.0.1', PORT: String(port) };
  const worker = startProgram({ name: 'worker', entry, env: variables, plant, imports, hears });
  await untilReady(worker, async () => ((await answers(`http://127.0.0.1:${port}/healthz`)) ? true : null));
  return worker;
}

async function openEpoch(state: StatePort, worker: () => Program): Promise<number> {
  const deadline = Date.now() + EPOCH_MS_MAX;
  for (;;) {
    const now = await state.epochs.survey().catch(() => null);
    if (now?.kind === 'open') return now.epoch;
    if (Date.now() > deadline)
      throw new Error(`the epoch is ${JSON.stringify(now)}; the worker says:\n${worker().log()}`);
    await sleep(50);
  }
}

async function runEpoch(args: readonly string[], env: Record<string, string>): Promise<string> {
  const command = startProgram({ name: 'epoch', entry: 'apps/worker/dist/epoch.js', args, env, plant: null });
  while (command.isRunning()) await sleep(20);
  return command.log();
}
