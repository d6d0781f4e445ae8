import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Finds the binary that npm installed for this machine. Throws when there is none. */
export function anvilPath(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  const path = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'anvil');
  if (!existsSync(path)) throw new Error(`${name} is installed without its binary`);
  return path;
}

/** Blocks also come without transactions, so that the chain's clock passes the end of an authorization nobody used. */
const idleBlockSeconds = 60;

/** What to start. With a state file, balances survive a restart; it is written every 5 seconds. */
export interface AnvilOptions {
  readonly port: number;
  readonly chainId: number;
  readonly stateFile?: string;
  /** Tempo instead of Ethereum. T4 is the newest of its hardforks that this anvil has. */
  readonly tempo?: boolean;
}

/** The command that runs the chain. */
export function anvilCommand(options: AnvilOptions): { command: string; args: string[] } {
  const args = ['--host', '127.0.0.1', '--port', String(options.port), '--chain-id', String(options.chainId)];
  args.push('--silent', '--mixed-mining', '--block-time', String(idleBlockSeconds));
  if (options.tempo) args.push('--network', 'tempo', '--hardfork', 'T4');
  if (options.stateFile !== undefined) args.push('--state', options.stateFile, '--state-interval', '5');
  return { command: anvilPath(), args };
}
