import type { Script } from '../script.ts';

/** KEYS: what a payer paid for a route. ARGV: claim key, until when it lets in, how many are kept. Those that end first go first. */
export const noteAccessScript: Script = {
  lua: `
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -tonumber(ARGV[3]) - 1)
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], last[2])
return 1`,
};
