// Started with `node --import host-clock.mjs?file=...`: the Date of this process is as many milliseconds ahead as the file says.
import { readFileSync } from 'node:fs';

const READ_EVERY_MS = 20;
const file = new URL(import.meta.url).searchParams.get('file');
const Real = Date;
let aheadMs = 0;
const read = () => {
  aheadMs = Number(readFileSync(file, 'utf8'));
};
const now = () => Real.now() + aheadMs;

read();
setInterval(read, READ_EVERY_MS).unref();
globalThis.Date = new Proxy(Real, {
  apply: () => new Real(now()).toString(),
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
