import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalState, localState } from '@tollwright/contracts';

/** The running product that `npm test` (or a person) started: read anew, because the launcher keeps pids current. */
export function readLocal(home = process.env.TOLLWRIGHT_HOME): LocalState {
  if (!home) throw new Error('TOLLWRIGHT_HOME names no running product; run `npm test`, or `npm start` and set it');
  return localState.parse(JSON.parse(readFileSync(join(home, 'local.json'), 'utf8')));
}
