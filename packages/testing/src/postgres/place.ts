import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { installedPostgres } from './binaries.ts';
import { canEnter, type SystemUser } from './system-user.ts';

/** Where binaries and cluster stand, once it is known that PostgreSQL's user can reach them. */
export interface PostgresPlace {
  binariesDir: string;
  clusterDir: string;
  /** The folder outside the state folder that was needed, or null. */
  elsewhere: string | null;
}

/** Chooses the places: the installed binaries and the wanted folder, or copies under /var/tmp of what is out of reach. */
export function choosePlace(wantedDir: string, user: SystemUser | null): PostgresPlace {
  const installed = installedPostgres();
  mkdirSync(dirname(wantedDir), { recursive: true });
  const binariesReachable = canEnter(user, join(installed, 'bin'));
  const clusterReachable = canEnter(user, dirname(wantedDir));
  if (binariesReachable && clusterReachable) {
    return { binariesDir: installed, clusterDir: wantedDir, elsewhere: null };
  }
  const elsewhere = join('/var/tmp', `tollwright-${hash(wantedDir)}`);
  claimFolder(elsewhere);
  return {
    binariesDir: binariesReachable ? installed : copyBinaries(installed, elsewhere),
    clusterDir: clusterReachable ? wantedDir : join(elsewhere, basename(wantedDir)),
    elsewhere,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** /var/tmp is everybody's: a folder that somebody else made there first is refused. */
function claimFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to someone else. Remove it and start again.`);
  }
  chmodSync(folder, 0o711);
}

function copyBinaries(installed: string, elsewhere: string): string {
  const stamp = lstatSync(join(installed, 'bin', 'postgres'));
  const target = join(elsewhere, `binaries-${hash(`${installed}:${stamp.size}:${stamp.mtimeMs}`)}`);
  if (existsSync(target)) return target;
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(installed, partial, { recursive: true, verbatimSymlinks: true });
  renameSync(partial, target);
  return target;
}

/** Gives a new, empty folder to PostgreSQL's user. */
export function handOver(path: string, user: SystemUser | null): void {
  if (user) chownSync(path, user.uid, user.gid);
}
