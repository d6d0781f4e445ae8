// What the tools that install system packages have in common.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program on the PATH, or undefined. */
function onPath(name) {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs apt-get without questions; what it complains of is printed. */
function apt(args) {
  const run = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (run.status !== 0) console.error(run.stderr);
}

/** The path of a program by one of its names, installed from `aptPackage` where that is possible; else throws `advice`. */
export function requireProgram(names, aptPackage, advice) {
  const find = () => names.map(onPath).find((path) => path !== undefined);
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get')) {
    console.log(`Installing ${aptPackage} (apt-get install ${aptPackage})`);
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', aptPackage]);
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(advice.join(' '));
}
