import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SCREENS } from './camera.ts';
import type { Take } from './photograph-all.ts';
import type { Shot } from './shot.ts';

const FILE = join(SCREENS, '../screens.json');

/** Writes reports/screens.json. */
export function writeScreens(takes: readonly Take[]): void {
  mkdirSync(dirname(FILE), { recursive: true });
  const screens = takes.flatMap(({ photographs }) => photographs.map(({ screen }) => screen));
  writeFileSync(FILE, `${JSON.stringify(screens, null, 2)}\n`);
}

/** Everything that must not be, one line each. */
export function complaintsOf({ photographs, failure }: Take): readonly string[] {
  if (failure !== null) return [failure];
  return photographs.flatMap(({ screen: { picture }, complaints }) => complaints.map((text) => `${picture}: ${text}`));
}

/** Pages without a shot, shots without a page, and two shots of one name. */
export function gapsOf(shots: readonly Shot[], routes: readonly string[]): readonly string[] {
  const shown = new Set(shots.map(({ route }) => route));
  const names = shots.map(({ role, name }) => `${role}/${name}`);
  return [
    ...routes.filter((route) => !shown.has(route)).map((route) => `no shot shows ${route}`),
    ...[...shown].filter((route) => !routes.includes(route)).map((route) => `the portal has no page ${route}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two shots are called ${name}`),
  ];
}
