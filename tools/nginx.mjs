// Finds an nginx for the benchmark; on Debian and Ubuntu, as root, it installs one.
import { requireProgram } from './apt.mjs';

/** The path of an nginx. Throws with what to do when there is none and none can be installed here. */
export function requireNginx() {
  return requireProgram(['nginx'], 'nginx-light', [
    'The benchmark compares with nginx, which has to be on the PATH. Install it',
    '(Debian, Ubuntu: sudo apt-get install nginx-light; macOS: brew install nginx).',
  ]);
}
