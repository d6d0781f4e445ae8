import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BASE, BASE_SEPOLIA, type LocalNetwork } from '../chain/network.ts';
import { gatewayEnv, portalEnv, workerEnv } from './app-env.ts';
import { gatewayDir, type Plan } from './plan.ts';
import { untilAnswers, untilListens } from './ready.ts';
import type { ProcessSpec } from './supervisor.ts';

/** What the product talks to here instead of the internet. The facilitator needs `evmChains`. */
export interface Surroundings {
  readonly evmChains: readonly ProcessSpec[];
  readonly tempo: ProcessSpec;
  readonly facilitator: ProcessSpec;
  readonly stripe: ProcessSpec;
  readonly upstream: ProcessSpec;
}

/** Chains, a facilitator, a double of Stripe, and an API to sell. */
export function surroundings(plan: Plan): Surroundings {
  const { urls, ports, secrets, accounts, home } = plan;
  const chain = (name: string, url: string, port: number, { chainId }: LocalNetwork, stateFile: string) =>
    child(plan, name, url, 'packages/testing/dist/chain/main.js', {
      ...{ PORT: String(port), CHAIN_ID: String(chainId), STATE_FILE: stateFile },
    });
  return {
    evmChains: [
      chain('chain', urls.rpc, ports.chain, BASE_SEPOLIA, home.chainFile),
      chain('chain-2', urls.rpc2, ports.chain2, BASE, home.chain2File),
    ],
    tempo: child(plan, 'tempo', urls.tempo, 'packages/testing/dist/chain/tempo/main.js', {
      PORT: String(ports.tempo),
      STATE_FILE: home.tempoFile,
    }),
    facilitator: child(plan, 'facilitator', urls.facilitator, 'packages/testing/dist/chain/facilitator-main.js', {
      PORT: String(ports.facilitator),
      RPC_URLS: `${urls.rpc},${urls.rpc2}`,
      PRIVATE_KEY: accounts.facilitatorPrivateKey,
    }),
    stripe: child(plan, 'stripe', urls.stripe, 'packages/testing/dist/stripe/main.js', { PORT: String(ports.stripe) }),
    upstream: child(plan, 'upstream', urls.upstream, 'packages/testing/dist/upstream/main.js', {
      PORT: String(ports.upstream),
      UPSTREAM_TOKEN: secrets.upstreamToken,
    }),
  };
}

/** The product itself. */
export function apps(plan: Plan): ProcessSpec[] {
  const { urls, ports } = plan;
  return [
    answeringAt('/healthz', child(plan, 'worker', urls.worker, 'apps/worker/dist/main.js', workerEnv(plan))),
    gateway(plan, 'gateway-1', urls.gateway, ports.gateway),
    gateway(plan, 'gateway-2', urls.gateway2, ports.gateway2),
    portal(plan),
  ];
}

function gateway(plan: Plan, name: string, url: string, port: number): ProcessSpec {
  mkdirSync(gatewayDir(plan, name), { recursive: true, mode: 0o700 });
  return answeringAt('/readyz', child(plan, name, url, 'apps/gateway/dist/main.js', gatewayEnv(plan, name, port)));
}

/** Ready once the path below its address answers 200, not as soon as the port is open. */
function answeringAt(path: string, spec: ProcessSpec): ProcessSpec {
  return { ...spec, ready: (signal) => untilAnswers(`${spec.url}${path}`, { signal, status: 200 }) };
}

function portal(plan: Plan): ProcessSpec {
  const folder = join(plan.rootDir, 'apps/portal');
  const standalone = join(folder, '.next/standalone/apps/portal');
  const base = child(plan, 'portal', plan.urls.portal, '', portalEnv(plan));
  if (!plan.env.dev && existsSync(join(standalone, '.next/static'))) {
    return { ...base, args: [join(standalone, 'server.js')], cwd: standalone };
  }
  const next = createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next');
  const args = [next, plan.env.dev ? 'dev' : 'start', '-p', String(plan.ports.portal), '-H', '127.0.0.1'];
  const spec = { ...base, args, cwd: folder };
  // A first page would be compiled first, for as long as a minute on a busy machine.
  return plan.env.dev ? { ...spec, ready: (signal) => untilListens(plan.ports.portal, signal) } : spec;
}

function child(plan: Plan, name: string, url: string, script: string, env: Record<string, string>): ProcessSpec {
  const watch = plan.env.dev && script.startsWith('apps/') ? ['--watch', '--watch-preserve-output'] : [];
  return {
    name,
    url,
    command: process.execPath,
    args: [...watch, join(plan.rootDir, script)],
    cwd: plan.rootDir,
    env: { ...plan.env.inherited, ...env },
    logFile: join(plan.home.logsDir, `${name}.log`),
    ready: (signal) => untilAnswers(url, { signal }),
  };
}
