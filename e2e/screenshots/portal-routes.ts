import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

const APP = join(import.meta.dirname, '../../apps/portal/src/app');
const SCREENS = /^(page|not-found|error)\.tsx$/;

/**
 * What the portal can show, by its own file tree: `/console/[provider]/apis` for a page, `/#not-found` and `/#error` for
 * what stands in for one. Groups in parentheses are no part of an address.
 */
export function portalRoutes(): readonly string[] {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' });
  return files.flatMap(routeOf).sort();
}

function routeOf(file: string): readonly string[] {
  const folders = file.split(sep);
  const [, kind] = SCREENS.exec(folders.pop() ?? '') ?? [];
  if (kind === undefined) return [];
  const address = `/${folders.filter((folder) => !folder.startsWith('(')).join('/')}`;
  return [kind === 'page' ? address : `${address}#${kind}`];
}
