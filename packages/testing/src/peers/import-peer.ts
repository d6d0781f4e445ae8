import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Imports a module from a folder of `packages/testing/peers`. Those are no packages of the workspace, for they bring what
 * nothing but a few tests needs: `npm test` installs them, each by its own lock file.
 */
export async function importPeer<T>(peer: string, specifier: string): Promise<T> {
  return import(pathToFileURL(peerPath(peer, specifier)).href) as Promise<T>;
}

/** The file that a specifier means in the folder of a peer. Throws when it is not installed. */
export function peerPath(peer: string, specifier: string): string {
  const folder = join(import.meta.dirname, '../../peers', peer);
  const { resolve } = createRequire(join(folder, 'package.json'));
  try {
    return resolve(specifier);
  } catch {
    throw new Error(`${specifier} is not installed: run npm test, or npm ci --ignore-scripts in ${folder}`);
  }
}
