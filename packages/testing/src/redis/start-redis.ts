import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../local/ports.ts';

const READY_MS_MAX = 10_000;

export interface RedisOptions {
  /** Kept afterwards; a folder of its own that is removed unless given. */
  readonly dataDir?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** Further settings, such as `{ appendonly: 'no' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real redis-server on loopback, with the settings that the state store needs unless told otherwise. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** Empties it while it runs. */
  flush(): Promise<void>;
  /** SIGKILL; the data stays as it is on disk. */
  kill(): Promise<void>;
  /** Ends it and removes a folder that was its own. */
  stop(): Promise<void>;
}

/** Starts a server. Throws, with how to install one, when there is none. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tollwright-redis-'));
  const port = options.port ?? (await freePort());
  const settings = {
    ...{ port: `${port}`, bind: '127.0.0.1', dir: dataDir, save: '', daemonize: 'no', loglevel: 'warning' },
    ...{ appendonly: 'yes', appendfsync: 'no', 'maxmemory-policy': 'noeviction' },
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  // A run that ends in any way but a signal takes its servers along.
  const reap = () => child.kill('SIGKILL');
  process.once('exit', reap);
  child.once('exit', () => process.removeListener('exit', reap));
  await answering(child, port);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  return {
    ...{ url: `redis://127.0.0.1:${port}`, port, pid: child.pid as number, dataDir },
    flush: async () => void (await promisify(execFile)('redis-cli', ['-p', `${port}`, 'flushall'])),
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGKILL');
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? new Error(`There is no redis-server on the PATH. ${howToInstall}`) : error);
    });
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
  failed.catch(() => undefined);
  const deadline = Date.now() + READY_MS_MAX;
  while (!(await Promise.race([pings(port), failed]))) {
    if (Date.now() > deadline) throw new Error(`redis-server does not answer:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const howToInstall = 'Install it (Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis).';

/** True once the server has read its data and answers. */
function pings(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
    socket.once('error', () => done(false));
  });
}
