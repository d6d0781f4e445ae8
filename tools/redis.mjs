// Finds a redis-server for the tests of the Redis adapter; on Debian and Ubuntu, as root, it installs one.
import { existsSync } from 'node:fs';
import { apt, onPath } from './apt.mjs';

/** The path of a redis-server. Throws with what to do when there is none and none can be installed here. */
export function requireRedis() {
  const found = onPath('redis-server');
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get')) {
    console.log('Installing Redis (apt-get install redis-server)');
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', 'redis-server']);
    const installed = onPath('redis-server');
    if (installed) return installed;
  }
  throw new Error(
    'The tests of the Redis adapter need redis-server and redis-cli, version 7 or later, on the PATH. Install them ' +
      '(Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis).',
  );
}
