// Finds a Chromium for the browser tests; on Debian and Ubuntu, as root, it installs one.
import { existsSync } from 'node:fs';
import { apt, onPath } from './apt.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a Chromium. Throws with what to do when there is none and none can be installed here. */
export function requireChromium() {
  const found = process.env.CHROMIUM_PATH ?? findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get')) {
    console.log('Installing Chromium (apt-get install chromium)');
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The browser tests need Chromium on the PATH. Install it (Debian, Ubuntu: sudo apt-get install chromium; ' +
      'macOS: brew install --cask chromium), or set CHROMIUM_PATH to its program.',
  );
}

function findChromium() {
  return names.map(onPath).find((path) => path !== undefined);
}
