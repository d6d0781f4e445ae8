import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import config from '../playwright.config.ts';
import { SCREENS } from './camera.ts';
import { openCast } from './cast.ts';
import { photographAll } from './photograph-all.ts';
import { portalRoutes } from './portal-routes.ts';
import { complaintsOf, gapsOf, writeScreens } from './report.ts';
import { THEMES, WIDTHS } from './shot.ts';
import { shotsOf } from './shots/index.ts';
import { setStage } from './stage.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, width: { type: 'string' }, theme: { type: 'string' } },
});
const widths = WIDTHS.filter((width) => values.width === undefined || values.width === String(width));
const themes = THEMES.filter((theme) => values.theme === undefined || values.theme === theme);
const startedAtMs = Date.now();
let complaints = 0;
const complain = (lines: readonly string[]) => {
  complaints += lines.length;
  for (const line of lines) process.stdout.write(`${line}\n`);
};

const browser = await chromium.launch(config.use?.launchOptions);
try {
  const cast = await openCast(browser);
  const shots = shotsOf(await setStage(cast));
  const routes = portalRoutes();
  complain(gapsOf(shots, routes));
  const wanted = shots.filter(({ route, role, name }) => `${route} ${role}/${name}`.includes(values.only));
  const takeable = wanted.filter(({ route }) => routes.includes(route));
  if (takeable.length === 0) complain([`no shot has ${values.only} in its route, role or name`]);
  if (values.only === '') rmSync(SCREENS, { recursive: true, force: true });
  const takes = await photographAll(cast, takeable, widths, themes, (take) => complain(complaintsOf(take)));
  writeScreens(takes);
  const screens = takes.reduce((sum, { photographs }) => sum + photographs.length, 0);
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(0);
  process.stdout.write(`${screens} screens in ${seconds} s, ${complaints} complaints\n`);
  if (complaints > 0) process.exitCode = 1;
} finally {
  await browser.close();
}
