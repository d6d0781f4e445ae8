// Brings node_modules up to date with package-lock.json, and says so only when there is something to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules', '.tollwright-installed');
const nodeMin = [20, 19];

/** Ends the program when this Node is too old to run anything else. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  console.error(`Tollwright needs Node ${nodeMin.join('.')} or later; this is ${process.version}.`);
  process.exit(1);
}

/** Runs `npm install` when the lock file is not the one that was installed last. */
export function install() {
  if (isInstalled()) return;
  console.log('Installing packages (npm install)');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lockHash());
}

/** Brings a client up to date that only tests use, in a folder of its own with its own lock file. */
export function installPeer(folder) {
  const lock = readFileSync(join(root, folder, 'package-lock.json'));
  const peerStamp = join(root, folder, 'node_modules', '.tollwright-installed');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (existsSync(peerStamp) && readFileSync(peerStamp, 'utf8') === hash) return;
  console.log(`Installing ${folder} (npm ci)`);
  run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(peerStamp, hash);
}

/** Installs the clients and libraries that payments are proved with: other people's, each with what it needs beside ours. */
export function installPaymentPeers() {
  for (const peer of ['x402-v1', 'mppx', 'x402-express']) installPeer(`packages/testing/peers/${peer}`);
}

function isInstalled() {
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockHash();
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs;
}

function lockHash() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/** Runs a program from the repository's root; ends this one with its code when it fails. */
export function run(command, args, env = {}) {
  const child = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (child.error) console.error(`${command}: ${child.error.message}`);
  if (child.status !== 0) process.exit(child.status ?? 1);
}
