import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is used of the client of x402 version 1. Wallets and signers are those of its own copy of viem. */
export interface X402V1 {
  createSigner(network: string, privateKey: string): Promise<unknown>;
  wrapFetchWithPayment(
    fetch: typeof globalThis.fetch,
    signer: unknown,
  ): (url: string, init?: RequestInit) => Promise<Response>;
}

const FOLDER = join(import.meta.dirname, '../../peers/x402-v1');

/** The unmodified `x402-fetch`. It is no package of the workspace, for it brings hundreds of others: `npm test` installs it. */
export async function loadX402V1(): Promise<X402V1> {
  const { resolve } = createRequire(join(FOLDER, 'package.json'));
  return import(pathToFileURL(pathOf(resolve)).href) as Promise<X402V1>;
}

function pathOf(resolve: NodeJS.RequireResolve): string {
  try {
    return resolve('x402-fetch');
  } catch {
    throw new Error(`x402-fetch is not installed: run npm test, or npm ci --ignore-scripts in ${FOLDER}`);
  }
}
