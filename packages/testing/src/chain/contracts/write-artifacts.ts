import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileContracts } from './compile.ts';

const path = fileURLToPath(new URL('./artifacts.json', import.meta.url));
writeFileSync(path, `${JSON.stringify(compileContracts(), null, 2)}\n`);
process.stdout.write(`${path}\n`);
