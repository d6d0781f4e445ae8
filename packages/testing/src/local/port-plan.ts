import type { LauncherEnv } from './env.ts';
import { type Home, readJson, writeJson } from './home.ts';
import { freePort, requireFree } from './ports.ts';

const innerNames = [
  'gateway2',
  'postgres',
  'chain',
  'chain2',
  'tempo',
  'facilitator',
  'stripe',
  'upstream',
  'worker',
] as const;
type InnerName = (typeof innerNames)[number];

/** Every port of one local run. */
export type PortPlan = Record<InnerName | 'portal' | 'gateway', number>;

/**
 * Chooses the ports before anything starts. The inner ones stay the same from run to run while they are free, because
 * addresses end up in the database. Throws PortTaken for the two that a person chose.
 */
export async function planPorts(home: Home, env: LauncherEnv): Promise<PortPlan> {
  if (env.portalPort === env.gatewayPort) throw new Error('Portal and gateway cannot share one port.');
  await requireFree(env.portalPort, 'TOLLWRIGHT_PORTAL_PORT');
  await requireFree(env.gatewayPort, 'TOLLWRIGHT_GATEWAY_PORT');
  const kept = readJson<Partial<Record<InnerName, number>>>(home.portsFile) ?? {};
  const chosen = new Set([env.portalPort, env.gatewayPort]);
  const inner: Partial<Record<InnerName, number>> = {};
  for (const name of innerNames) {
    let port = await freePort(kept[name]);
    while (chosen.has(port)) port = await freePort();
    chosen.add(port);
    inner[name] = port;
  }
  writeJson(home.portsFile, inner);
  return { ...(inner as Record<InnerName, number>), portal: env.portalPort, gateway: env.gatewayPort };
}
