// Next leaves static files out of its standalone server: they are put where that server looks for them.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const portal = join(import.meta.dirname, '..', 'apps', 'portal');
const standalone = join(portal, '.next', 'standalone', 'apps', 'portal');
cpSync(join(portal, '.next', 'static'), join(standalone, '.next', 'static'), { recursive: true });
if (existsSync(join(portal, 'public'))) cpSync(join(portal, 'public'), join(standalone, 'public'), { recursive: true });
