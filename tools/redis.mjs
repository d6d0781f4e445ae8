// Finds a redis-server for the tests of the Redis adapter; on Debian and Ubuntu, as root, it installs one.
import { requireProgram } from './apt.mjs';

/** The path of a redis-server. Throws with what to do when there is none and none can be installed here. */
export function requireRedis() {
  return requireProgram(['redis-server'], 'redis-server', [
    'The tests of the Redis adapter need redis-server and redis-cli, version 7 or later, on the PATH. Install them',
    '(Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis).',
  ]);
}
