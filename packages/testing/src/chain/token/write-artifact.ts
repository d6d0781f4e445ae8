import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileToken } from './compile.ts';

const path = fileURLToPath(new URL('./token.artifact.json', import.meta.url));
writeFileSync(path, `${JSON.stringify(compileToken(), null, 2)}\n`);
process.stdout.write(`${path}\n`);
