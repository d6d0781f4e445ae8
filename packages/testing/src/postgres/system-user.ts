import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The system user that runs PostgreSQL, since it refuses to run as root. */
export interface SystemUser {
  uid: number;
  gid: number;
}

const userName = 'postgres';

/** Null when this process is not root and so runs PostgreSQL itself. Makes the user `postgres` where there is none. */
export function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  return findUser() ?? createUser();
}

function findUser(): SystemUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${userName}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

function createUser(): SystemUser {
  spawnSync('groupadd', ['--system', userName]);
  const made = spawnSync('useradd', ['--system', '--gid', userName, '--no-create-home', userName], {
    encoding: 'utf8',
  });
  const user = findUser();
  if (user) return user;
  const why = made.error?.message ?? made.stderr.trim();
  throw new Error(
    `PostgreSQL does not run as root, and the system user "${userName}" could not be made (${why}). ` +
      'Make one, or run Tollwright as an ordinary user.',
  );
}

/** Whether that user can enter the folder, asked of the kernel rather than guessed from mode bits. */
export function canEnter(user: SystemUser | null, folder: string): boolean {
  if (!user) return true;
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', ...user, stdio: 'ignore' });
  if (probe.error) throw new Error(`Root may not run programs as another user here: ${probe.error.message}`);
  return probe.status === 0;
}
