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

const browser = await chromium.launch(config.use?.launchOptions);
try {
  const cast = await openCast(browser);
  const shots = shotsOf(await setStage(cast));
  const routes = portalRoutes();
  const wanted = shots.filter(({ route, role, name }) => `${route} ${role}/${name}`.includes(values.only));
  if (values.only === '') rmSync(SCREENS, { recursive: true, force: true });
  const takeable = wanted.filter(({ route }) => routes.includes(route));
  const { photographs, failures } = await photographAll(cast, takeable, widths, themes);
  writeScreens(photographs);
  const complaints = [...gapsOf(shots, routes), ...failures, ...complaintsOf(photographs)];
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(0);
  process.stdout.write(`${photographs.length} screens in ${seconds} s, ${complaints.length} complaints\n`);
  if (complaints.length > 0 || photographs.length === 0) process.exitCode = 1;
} finally {
  await browser.close();
}
