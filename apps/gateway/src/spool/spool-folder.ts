import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { readBootId } from './boot-id.ts';

const SOCKET_NAME = 's';
const META_NAME = 'spool.json';
/** Longer socket paths are cut by the kernel without an error. */
const SOCKET_PATH_BYTES_MAX = 107;

const spoolMeta = z.object({
  spoolId: z.string().regex(/^spl_[0-9a-z]{26}$/),
  bootId: z.string(),
  host: z.string(),
  gateway: z.string(),
});

/** Who a spool folder belongs to. */
export type SpoolMeta = z.output<typeof spoolMeta>;

/** The folder of a running gateway. Its socket answers for as long as the process lives, even stopped. */
export interface SpoolFolder {
  readonly dir: string;
  readonly meta: SpoolMeta;
  readonly proof: Server;
}

/**
 * Makes a folder that was never used before: first its socket listens, then it appears among its siblings. Its name and what
 * it says are on the disk: a successor would not find, or not know, a folder that the loss of power left without.
 */
export async function createSpoolFolder(root: string, spoolId: string, gateway: string): Promise<SpoolFolder> {
  const meta: SpoolMeta = { spoolId, bootId: readBootId(), host: hostname(), gateway };
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const hidden = join(root, `.${spoolId}`);
  const dir = join(root, spoolId);
  mkdirSync(hidden, { mode: 0o700 });
  writeFileSync(join(hidden, META_NAME), JSON.stringify(meta), { mode: 0o600, flush: true });
  const proof = await listen(socketPath(hidden)).catch((error: unknown) => {
    rmSync(hidden, { recursive: true, force: true });
    throw error;
  });
  sync(hidden);
  renameSync(hidden, dir);
  sync(root);
  return { dir, meta, proof };
}

function sync(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Reads whose folder it is, or null when it is no spool folder. */
export function readSpoolMeta(dir: string): SpoolMeta | null {
  try {
    return spoolMeta.parse(JSON.parse(readFileSync(join(dir, META_NAME), 'utf8')));
  } catch {
    return null;
  }
}

/** The path of a folder's socket as the kernel takes it. Throws RangeError when it would be cut. */
export function socketPath(dir: string): string {
  const absolute = join(dir, SOCKET_NAME);
  const near = relative(process.cwd(), absolute);
  const path = Buffer.byteLength(near) < Buffer.byteLength(absolute) ? near : absolute;
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new RangeError(`SPOOL_DIR is too long: the socket path ${path} has more than ${SOCKET_PATH_BYTES_MAX} bytes`);
  }
  return path;
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}
