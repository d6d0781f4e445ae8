import type { Script } from '../script.ts';

/** Names no payment, so that it stands beside them. */
const FAILED = '!failed';

const FAILED_KEPT_MS = 40 * 86_400_000;

/**
 * Takes room for a payment. KEYS: hash of what has room. ARGV: payment, amount, cap (-1: none), until when it counts at most, how many
 * payments (0: any), and 1 where the hash stays until it is empty. Answers 1, or 0 where there is no room, or -1 while the last
 * one was not settled. Sums stay below the cap, and so are exact.
 */
export const takeRoomScript: Script = {
  lua: `
local now, open, count = clock_ms(), 0, 0
local fields = redis.call('HGETALL', KEYS[1])
local failed = false
for index = 1, #fields, 2 do
  local name = fields[index]
  if name == '${FAILED}' then failed = true
  else
    local amount, till = string.match(fields[index + 1], '^(%d+) (%d+)$')
    if tonumber(till) < now then redis.call('HDEL', KEYS[1], name)
    elseif name == ARGV[1] then return 1
    else
      open = open + tonumber(amount)
      count = count + 1
    end
  end
end
local cap = tonumber(ARGV[3])
if cap >= 0 then
  if failed then return -1 end
  if tonumber(ARGV[2]) > cap - open then return 0 end
end
local most = tonumber(ARGV[5])
if most > 0 and count >= most then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[4])
if ARGV[6] == '1' then redis.call('PERSIST', KEYS[1])
else redis.call('PEXPIREAT', KEYS[1], ARGV[4]) end
return 1`,
};

/** KEYS: hash of what has room. ARGV: payment, its state now. A settled one makes good for those before; a failed one bars the next. */
export const leaveRoomScript: Script = {
  lua: `
redis.call('HDEL', KEYS[1], ARGV[1])
if ARGV[2] == '' then return 1 end
if ARGV[2] == 'failed' then
  redis.call('HSET', KEYS[1], '${FAILED}', '1')
  redis.call('PEXPIRE', KEYS[1], ${FAILED_KEPT_MS})
elseif ARGV[2] ~= 'released' then redis.call('HDEL', KEYS[1], '${FAILED}') end
return 1`,
};
