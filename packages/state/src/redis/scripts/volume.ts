import type { Script } from '../script.ts';

/**
 * Counts a payment, or takes it back; again, it changes nothing. KEYS: a payer's volumes of a month. ARGV: payment, 1 if it counts, price,
 * day, when all is forgotten.
 */
export const noteVolumeScript: Script = {
  lua: `
local field = 'p:' .. ARGV[1]
local known = redis.call('HGET', KEYS[1], field)
if ARGV[2] ~= '1' and not known then return 0 end
local function add(calls, spent)
  for _, period in ipairs({'month', ARGV[4]}) do
    redis.call('HINCRBY', KEYS[1], 'calls:' .. period, calls)
    redis.call('HINCRBY', KEYS[1], 'spent:' .. period, spent)
  end
end
if known then
  add(-1, known == '0' and '0' or '-' .. known)
  redis.call('HDEL', KEYS[1], field)
end
if ARGV[2] == '1' then
  add(1, ARGV[3])
  redis.call('HSET', KEYS[1], field, ARGV[3])
end
redis.call('PEXPIREAT', KEYS[1], ARGV[5])
return 1`,
};
