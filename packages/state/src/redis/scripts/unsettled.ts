import type { Script } from '../script.ts';

/**
 * Takes room for a call in what its payer may have unsettled on all channels. KEYS: unsettled of the payer. ARGV: payment, amount,
 * the most, until when it counts at least. Answers 1, or 0 where there is no room.
 */
export const lendScript: Script = {
  lua: `
local now, open = clock_ms(), 0
local fields = redis.call('HGETALL', KEYS[1])
local name = 'p:' .. ARGV[1]
for index = 1, #fields, 2 do
  local first, second = string.match(fields[index + 1], '^(%d+) (%d+)$')
  if string.sub(fields[index], 1, 2) == 'c:' then open = open + math.max(tonumber(first) - tonumber(second), 0)
  elseif fields[index] == name then return 1
  elseif tonumber(second) < now then redis.call('HDEL', KEYS[1], fields[index])
  else open = open + tonumber(first) end
end
if tonumber(ARGV[2]) > tonumber(ARGV[3]) - open then return 0 end
redis.call('HSET', KEYS[1], name, ARGV[2] .. ' ' .. ARGV[4])
return 1`,
};

/**
 * Notes how a channel stands, and that a call of it has ended. KEYS: unsettled of the payer. ARGV: channel, payment or nothing,
 * what is spent of it and what is settled, each only ever more; or nothing where it is closed.
 */
export const standScript: Script = {
  lua: `
if ARGV[2] ~= '' then redis.call('HDEL', KEYS[1], 'p:' .. ARGV[2]) end
local name = 'c:' .. ARGV[1]
if ARGV[3] == '' then return redis.call('HDEL', KEYS[1], name) end
local spent, settled = string.match(redis.call('HGET', KEYS[1], name) or '0 0', '^(%d+) (%d+)$')
spent = math.max(tonumber(spent), tonumber(ARGV[3]))
settled = math.max(tonumber(settled), tonumber(ARGV[4]))
redis.call('HSET', KEYS[1], name, int(spent) .. ' ' .. int(settled))
return 1`,
};
