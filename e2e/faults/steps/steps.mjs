// Started with `node --import steps.mjs` before a program whose modules are numbered: counts the steps that this process reaches,
// and what others can see of it by then, and ends it at one, as its parent says.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

/** What others see of a process: what it sends, whom it connects to, what it leaves on the disk. */
const SEEN = [
  [Socket.prototype, ['connect', '_write', '_writev', '_final', '_destroy']],
  [fs, ['openSync', 'writeSync', 'writeFileSync', 'fsyncSync', 'fdatasync', 'ftruncateSync', 'renameSync', 'rmSync']],
  [fs.promises, ['writeFile', 'rename', 'rm', 'mkdir']],
];

const reached = new Map();
let effects = 0;
let aim = null;

for (const [owner, names] of SEEN) {
  for (const name of names) {
    const plain = owner[name];
    owner[name] = function seen(...args) {
      effects += 1;
      return plain.apply(this, args);
    };
  }
}
syncBuiltinESMExports();

function reach(step, moment) {
  const name = `${step} ${moment}`;
  const known = reached.get(name);
  if (known === undefined) note(name, moment);
  else known.times += 1;
  return aim !== null && aim.step === step && aim.moment === moment && --aim.times === 0;
}

function note(name, moment) {
  const seen = { times: 1, effects };
  reached.set(name, seen);
  // A turn later, as a death would be.
  if (moment === 'during' && aim === null) setImmediate(() => Object.assign(seen, { effects }));
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}

globalThis.tollwrightSteps = {
  before(step) {
    if (reach(step, 'before')) die();
  },
  awaited(step, value) {
    // A turn later: what was begun has left this process.
    if (reach(step, 'during')) setImmediate(die);
    const after = () => {
      if (reach(step, 'after')) die();
    };
    if (typeof value?.then !== 'function') {
      after();
      return value;
    }
    return Promise.resolve(value).finally(after);
  },
  called(step) {
    if (reach(step, 'called')) die();
  },
};

process.on('message', (message) => {
  if (message.kind === 'aim') aim = { ...message.at };
  if (message.kind === 'forget') {
    reached.clear();
    effects = 0;
  }
  process.send(Object.fromEntries(reached));
});
process.channel.unref();
