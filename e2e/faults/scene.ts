import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProxy, type Proxy as TcpProxy } from '@tollwright/testing';
import { moveableClock } from './moveable-clock.ts';
import { answers, type Program, startProgram, untilReady } from './process.ts';
import type { Stage } from './stage.ts';
import { type Account, API_PATH, makeAccount, type PlanKey } from './tenant.ts';

/** A gateway process. */
export interface Gateway extends Program {
  readonly url: string;
  /** From now on its clock is so far ahead of this machine's, if it can be moved. */
  moveClock(aheadMs: number): void;
}

/** The program of a gateway. */
const ENTRY = 'apps/gateway/dist/main.js';

export interface GatewayOptions {
  /** Another one: the same with numbered steps, for instance. */
  readonly entry?: string;
  /** The port where it finds the store: a proxy's, for instance. */
  readonly storePort?: number;
  /** Its clock can be moved. */
  readonly hasMovableClock?: boolean;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Modules of the test that it loads first. */
  readonly imports?: readonly string[];
  /** One of them answers messages. */
  readonly hears?: boolean;
}

/** What a caller saw of one call. A connection that broke has the status 0. */
export interface Answer {
  readonly status: number;
  readonly requestId: string | null;
  /** The problem's slug where it was refused. */
  readonly slug: string | null;
  readonly text: string;
}

export interface CallOptions {
  readonly stream?: boolean;
  readonly maxTokens?: number;
  /** How the sample upstream is to answer: `x-upstream-*` headers without their beginning. */
  readonly upstream?: Readonly<Record<string, number>>;
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One scenario's part of a stage: its own gateways on a spool folder of their own, its own customers. */
export interface Scene {
  readonly stage: Stage;
  /** Starts a gateway and waits until it may reserve. */
  gateway(name: string, options?: GatewayOptions): Promise<Gateway>;
  account(plan: PlanKey, limitNanoUsd: bigint): Promise<Account>;
  call(gateway: Gateway, account: Account, options?: CallOptions): Promise<Answer>;
  /** A proxy before the state store. */
  storeProxy(): Promise<TcpProxy>;
  readonly gateways: readonly Gateway[];
  /** Where its gateways' spool folders are. */
  readonly spoolDir: string;
  close(): Promise<void>;
}

export function openScene(stage: Stage): Scene {
  const folder = mkdtempSync(join(stage.folder, 'scene-'));
  const spoolDir = join(folder, 'spool');
  mkdirSync(spoolDir, { mode: 0o700 });
  const gateways: Gateway[] = [];
  const proxies: TcpProxy[] = [];
  return {
    stage,
    gateways,
    spoolDir,
    async gateway(name, options = {}) {
      const gateway = await startGateway(stage, folder, name, options);
      gateways.push(gateway);
      return gateway;
    },
    account: (plan, limitNanoUsd) => makeAccount(stage.services, stage.tenant, plan, limitNanoUsd),
    call,
    async storeProxy() {
      const proxy = await openProxy(stage.store.port);
      proxies.push(proxy);
      return proxy;
    },
    async close() {
      for (const proxy of proxies) proxy.restore();
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

async function startGateway(
  stage: Stage,
  folder: string,
  name: string,
  {
    entry = ENTRY,
    storePort,
    hasMovableClock = false,
    env: further = {},
    imports: own = [],
    hears = false,
  }: GatewayOptions,
): Promise<Gateway> {
  const env = {
    ...{ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', TOLLWRIGHT_GATEWAY_NAME: name },
    ...stage.store.variables('tollwright_gateway', storePort),
    ...{ SPOOL_DIR: join(folder, 'spool'), SNAPSHOT_DIR: join(folder, `snapshot-${name}`) },
    ...{ GATEWAY_PUBLIC_URL: 'http://gateway.test', PORTAL_PUBLIC_URL: 'http://portal.test' },
    TOLLWRIGHT_MASTER_KEY_FILE: stage.masterKeyFile,
    TOLLWRIGHT_EGRESS_ALLOW: stage.egressAllow,
    ...stage.money?.gatewayEnv,
    ...further,
  };
  const clock = moveableClock(join(folder, `clock-${name}`));
  const hostClock = hasMovableClock ? [clock.imported] : [];
  const imports = [...stage.store.imports, ...hostClock, ...own];
  const program = startProgram({ name, entry, env, plant: stage.plant, imports, hears });
  const url = await untilReady(program, async () => {
    const port = /gateway listening on port (\d+)/.exec(program.log())?.[1];
    const url = `http://127.0.0.1:${port}`;
    return port !== undefined && (await answers(`${url}/readyz`)) ? url : null;
  });
  return { ...program, url, moveClock: clock.move };
}

/** Calls the route that the account's plan is about. The upstream's log tells accounts apart by a header that is passed on. */
async function call(gateway: Gateway, account: Account, options: CallOptions = {}): Promise<Answer> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${options.key ?? account.key}`,
    'x-account': account.customerId,
    ...options.headers,
    ...Object.fromEntries(
      Object.entries(options.upstream ?? {}).map(([name, value]) => [`x-upstream-${name}`, `${value}`]),
    ),
  };
  const { stream = false, maxTokens = 4 } = options;
  const body = { model: 'toll-small', stream, max_tokens: maxTokens, messages: [{ role: 'user', content: 'hello' }] };
  const request: RequestInit =
    account.plan !== 'tokens'
      ? { headers }
      : { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const path = account.plan !== 'tokens' ? '/weather' : '/v1/chat/completions';
  try {
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const response = await fetch(`${gateway.url}${API_PATH}${path}`, { ...request, ...signal });
    const text = await response.text();
    const slug = /"type":"[^"]*\/problems\/([a-z-]+)"/.exec(text)?.[1] ?? null;
    return { status: response.status, requestId: response.headers.get('x-request-id'), slug, text };
  } catch {
    return { status: 0, requestId: null, slug: null, text: '' };
  }
}

/** Runs `work` again and again, side by side, until it is stopped; a call that broke pauses its lane a moment. */
export function drive(
  lanes: number,
  work: (turn: number) => Promise<Answer>,
): { readonly answers: Answer[]; stop(): Promise<void> } {
  const answered: Answer[] = [];
  let running = true;
  const lane = async (first: number) => {
    for (let turn = first; running; turn += lanes) {
      const answer = await work(turn);
      answered.push(answer);
      if (answer.status === 0 || answer.status === 503) await sleep(30);
    }
  };
  const all = Array.from({ length: lanes }, (_, index) => lane(index));
  return {
    answers: answered,
    async stop() {
      running = false;
      await Promise.all(all);
    },
  };
}
