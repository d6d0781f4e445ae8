// Finds a Chromium for the browser tests; on Debian and Ubuntu, as root, it installs one.
import { requireProgram } from './apt.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a Chromium. Throws with what to do when there is none and none can be installed here. */
export function requireChromium() {
  return (
    process.env.CHROMIUM_PATH ??
    requireProgram(names, 'chromium', [
      'The browser tests need Chromium on the PATH. Install it (Debian, Ubuntu: sudo apt-get install chromium;',
      'macOS: brew install --cask chromium), or set CHROMIUM_PATH to its program.',
    ])
  );
}
