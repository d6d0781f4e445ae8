// Started with `node --import steps.mjs` before a program whose modules are numbered: counts the steps that this process reaches,
// and ends it at one, as its parent says.

const reached = new Map();
let aim = null;

function reach(step, moment) {
  const name = `${step} ${moment}`;
  reached.set(name, (reached.get(name) ?? 0) + 1);
  return aim !== null && aim.step === step && aim.moment === moment && --aim.times === 0;
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
  if (message.kind === 'forget') reached.clear();
  process.send(Object.fromEntries(reached));
});
process.channel.unref();
