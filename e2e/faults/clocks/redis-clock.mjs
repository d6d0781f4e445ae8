// Started with `node --import redis-clock.mjs?key=...`: scripts of this process take the store's clock to be as many milliseconds
// ahead as that key in Redis says, which is none of the product's. Redis itself can be given no other clock.
import { register } from 'node:module';

const key = new URL(import.meta.url).searchParams.get('key');
const text = 'return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)';
const replacement = `${text} + tonumber(redis.call('GET', '${key}') or '0')`;
const wanted = [{ file: 'packages/state/dist/redis/script.js', text, replacement }];
register('../plants/replace.mjs', import.meta.url, { data: { wanted } });
