// A running product for tests: the one of TOLLWRIGHT_HOME where it is set, else a new one in a temporary folder.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './install.mjs';

const readyTimeoutMs = 240_000;

/** Calls `use` with the home folder of a running product, and stops and removes what was started for it. */
export async function withProduct(use) {
  if (process.env.TOLLWRIGHT_HOME) return use(process.env.TOLLWRIGHT_HOME);
  const home = mkdtempSync(join(tmpdir(), 'tollwright-home-'));
  const product = await startProduct(home);
  try {
    return await use(home);
  } finally {
    await product.stop();
    const { reset } = await import('../packages/testing/dist/local/reset.js');
    await reset(home);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Starts the built product on free ports and waits for its ready line. Answers local.json and how to stop it. */
export async function startProduct(home, extraEnv = {}) {
  const ports = { TOLLWRIGHT_PORTAL_PORT: await freePort(), TOLLWRIGHT_GATEWAY_PORT: await freePort() };
  const env = { ...process.env, ...ports, TOLLWRIGHT_HOME: home, ...extraEnv };
  const child = spawn(process.execPath, ['packages/testing/dist/local/main.js'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const abandon = () => child.kill('SIGTERM');
  process.once('exit', abandon);
  const stop = async () => {
    process.off('exit', abandon);
    child.kill('SIGTERM');
    await ended;
  };
  await untilReady(child).catch(async (error) => {
    await stop();
    throw error;
  });
  return { local: JSON.parse(readFileSync(join(home, 'local.json'), 'utf8')), pid: child.pid, stop };
}

function untilReady(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`Not ready in time:\n${output}`)), readyTimeoutMs);
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (!/^Tollwright is ready/m.test(output)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`The product did not start:\n${output}`));
    });
  });
}

// Below what kernels give to connections: the product listens minutes later, and none takes the port meanwhile.
async function freePort() {
  for (;;) {
    const port = randomInt(12_000, 26_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
