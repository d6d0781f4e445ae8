import { Cluster, type Redis } from 'ioredis';
import type { Script } from './script.ts';

type Evaluate = (script: Script, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

const probe: Script = { lua: 'return identity()' };

/**
 * Says what makes this store unfit, with how to mend it; null when nothing does. It may forget nothing that it was told:
 * neither for want of memory, nor at its next start.
 */
export async function unsafeSettings(client: Redis | Cluster, evaluate: Evaluate): Promise<string | null> {
  if (client.status === 'wait') await client.connect();
  const clustered = client instanceof Cluster;
  for (const node of clustered ? client.nodes('master') : [client]) {
    const problem = problemOf(await node.info(), clustered);
    if (problem !== null) return `Redis at ${node.options.host}:${node.options.port} ${problem}`;
  }
  const identity = await evaluate(probe, ['tw:{probe}'], []).catch((error: unknown) => String(error));
  if (typeof identity === 'string' && /^[0-9a-f]{40}$|^other/.test(identity)) return null;
  return `Redis does not let scripts read who it is (${identity}): allow INFO to this user (ACL SETUSER ... +info).`;
}

function problemOf(info: string, clustered: boolean): string | null {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  if (policy !== 'noeviction') {
    return `has maxmemory-policy ${policy} and may forget counters: set "maxmemory-policy noeviction" in redis.conf.`;
  }
  if (field('aof_enabled') !== '1') {
    return 'keeps no append-only file and may start with old counters: set "appendonly yes" in redis.conf.';
  }
  if (field('cluster_enabled') === '1' && !clustered) {
    return 'is a node of a Cluster: name at least two of its nodes in REDIS_URL, by comma.';
  }
  return null;
}
