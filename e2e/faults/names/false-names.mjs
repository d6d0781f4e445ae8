// Names that a stranger answers for: `node --import false-names.mjs?file=...` for a program, or `install` for this process. The
// file says `{ names: { host: [[address, ...], ...] }, publicAddress, standsAt }`: each look-up of a host gets the next answer, the
// last one for good, and is written down in `<file>.asked`. A socket to the public address goes to a listener that stands for it.
import dns from 'node:dns';
import { appendFileSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';

const file = new URL(import.meta.url).searchParams.get('file');
if (file !== null) install(file);

/** From now on these names are answered so, in this process and for good. */
export function install(path) {
  const { names, publicAddress, standsAt } = JSON.parse(readFileSync(path, 'utf8'));
  const turns = new Map();
  const system = { lookup: dns.lookup, connect: Socket.prototype.connect };

  dns.lookup = (hostname, options, callback) => {
    const answers = names[hostname];
    if (answers === undefined) return system.lookup(hostname, options, callback);
    const turn = turns.get(hostname) ?? 0;
    turns.set(hostname, turn + 1);
    const addresses = answers[Math.min(turn, answers.length - 1)];
    appendFileSync(`${path}.asked`, `${hostname} ${addresses.join(' ')}\n`);
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    process.nextTick(() => {
      if (options.all) callback(null, found);
      else callback(null, found[0].address, found[0].family);
    });
  };
  syncBuiltinESMExports();

  // Whatever has judged an address gets to the one that stands for it, and sees the one that it judged.
  Socket.prototype.connect = function (...args) {
    const given = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (names[given?.host] === undefined) return system.connect.apply(this, args);
    const judge = given.lookup ?? dns.lookup;
    const placed = (address) => {
      if (address !== publicAddress) return address;
      Object.defineProperty(this, 'remoteAddress', { value: publicAddress });
      return standsAt;
    };
    const lookup = (hostname, options, callback) =>
      judge(hostname, options, (error, address, family) => {
        if (error || !Array.isArray(address)) callback(error, placed(address), family);
        else
          callback(
            null,
            address.map((entry) => ({ ...entry, address: placed(entry.address) })),
          );
      });
    if (Array.isArray(args[0])) args[0][0] = { ...given, lookup };
    else args[0] = { ...given, lookup };
    return system.connect.apply(this, args);
  };
}
