import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launcherEnv } from './env.ts';
import { homePaths } from './home.ts';
import { planPorts } from './port-plan.ts';
import { freePort } from './ports.ts';

describe('planPorts', () => {
  let folder: string;
  let servers: Server[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'port-plan-'));
    servers = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(folder, { recursive: true });
  });

  const occupy = (port: number) =>
    new Promise<void>((resolve) => {
      const server = createServer();
      servers.push(server);
      server.listen(port, '127.0.0.1', resolve);
    });
  const envWith = async () => {
    const portal = await freePort();
    const gateway = await freePort();
    return launcherEnv({
      TOLLWRIGHT_HOME: folder,
      TOLLWRIGHT_PORTAL_PORT: String(portal),
      TOLLWRIGHT_GATEWAY_PORT: String(gateway),
    });
  };

  it('gives every process a port of its own, and the same ones again', async () => {
    const env = await envWith();
    const first = await planPorts(homePaths(folder), env);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
    expect(first).toMatchObject({ portal: env.portalPort, gateway: env.gatewayPort });
    expect(await planPorts(homePaths(folder), env)).toEqual(first);
  });

  it('moves an inner process whose port was taken meanwhile', async () => {
    const env = await envWith();
    const first = await planPorts(homePaths(folder), env);
    await occupy(first.upstream);
    const second = await planPorts(homePaths(folder), env);
    expect(second.upstream).not.toBe(first.upstream);
    expect(second.worker).toBe(first.worker);
  });

  it('refuses a taken portal port and names its variable', async () => {
    const env = await envWith();
    await occupy(env.portalPort);
    await expect(planPorts(homePaths(folder), env)).rejects.toThrow(
      `Port ${env.portalPort} is taken. Stop what uses it, or set TOLLWRIGHT_PORTAL_PORT to a free port.`,
    );
  });

  it('refuses what is no port', () => {
    expect(() => launcherEnv({ TOLLWRIGHT_GATEWAY_PORT: '80a' })).toThrow(/TOLLWRIGHT_GATEWAY_PORT must be a port/);
  });
});
