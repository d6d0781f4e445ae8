import { join, resolve } from 'node:path';
import { repositoryRoot } from '../postgres/migrate.ts';

/** What the person who starts Tollwright locally may choose. */
export interface LauncherEnv {
  /** The folder that keeps all state. */
  homeDir: string;
  portalPort: number;
  gatewayPort: number;
  /** Restart and rebuild on every change of a source file. */
  dev: boolean;
  /** What every child gets: nothing of the caller's environment but these. */
  inherited: Record<string, string>;
}

const inheritedNames = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'REDIS_URL'];

/** Reads the launcher's environment. Throws with the variable's name when a port is not one. */
export function launcherEnv(env: NodeJS.ProcessEnv = process.env, args: string[] = process.argv): LauncherEnv {
  const inherited = inheritedNames.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return {
    homeDir: resolve(env.TOLLWRIGHT_HOME ?? join(repositoryRoot, '.tollwright')),
    portalPort: portOf(env, 'TOLLWRIGHT_PORTAL_PORT', 3000),
    gatewayPort: portOf(env, 'TOLLWRIGHT_GATEWAY_PORT', 8787),
    dev: args.includes('--dev'),
    inherited: Object.fromEntries(inherited),
  };
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const port = Number(env[name] ?? fallback);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${name} must be a port between 1 and 65535, not "${env[name]}".`);
}
