import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type RedisServer, startRedis } from './start-redis.ts';

const MASTERS = 3;
const COVERED_MS_MAX = 60_000;

/** Three masters on loopback that share all slots. */
export interface RedisCluster {
  /** The nodes by comma. */
  readonly url: string;
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/** Starts the nodes and joins them with `redis-cli --cluster create`. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const settings = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '15000' };
  const nodes = await Promise.all(Array.from({ length: MASTERS }, () => startRedis({ settings })));
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await cli(['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes']);
    await Promise.all(nodes.map(({ port }) => covered(port)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: nodes.map(({ url }) => url).join(','), nodes, stop };
}

async function covered(port: number): Promise<void> {
  const deadline = Date.now() + COVERED_MS_MAX;
  while (!(await cli(['-p', `${port}`, 'cluster', 'info'])).includes('cluster_state:ok')) {
    if (Date.now() > deadline) throw new Error(`the node on port ${port} does not see the whole cluster`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function cli(args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('redis-cli', [...args])).stdout;
}
