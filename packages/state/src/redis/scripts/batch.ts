import type { Script } from '../script.ts';
import { applyItems } from './apply-items.ts';
import { periods } from './periods.ts';

/**
 * The seat's protocol, then the items, in one step. KEYS: record, versions, seats, reply and holds of (tag, spool).
 * ARGV: spool, incarnation, number, whether the spool has said that it may come to this tag (`1`), the batch as JSON, epoch.
 *
 * Answers what wire/decode-reply.ts reads, or `unseated` and `unversed`: nothing was changed, and the caller first has to
 * ask in other slots, which no script reaches.
 */
export const batchScript: Script = {
  lua: `${periods}
${applyItems}
local record, versions, seats, kept, holds = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local spool, incarnation, number = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local function rebuild(reason)
  return cjson.encode({kind = 'rebuild', reason = reason})
end

local known = redis.call('HMGET', record, 'identity', 'clock', 'epoch')
if not known[1] then return rebuild('the store does not know this tag') end
if known[1] ~= identity() then return rebuild('the tag was made by another store') end
local epoch = tonumber(known[3])
if tonumber(ARGV[6]) < epoch then return '{"kind":"epoch","epoch":' .. int(epoch) .. '}' end
if tonumber(ARGV[6]) > epoch then return rebuild('the tag is of an older epoch') end
local last_incarnation, last_number = incarnation, 0
local seat = redis.call('HGET', seats, spool)
if seat then
  local at = string.find(seat, ':', 1, true)
  last_incarnation, last_number = tonumber(string.sub(seat, 1, at - 1)), tonumber(string.sub(seat, at + 1))
elseif ARGV[4] ~= '1' then
  return '{"kind":"unseated"}'
end
if incarnation < last_incarnation then return '{"kind":"superseded"}' end
if incarnation > last_incarnation then return rebuild('the incarnation is ahead of the store') end
if number < last_number then return rebuild('the number is behind') end
if number > last_number + 1 then return rebuild('the number is ahead of the store') end
if number == last_number then return redis.call('GET', kept) end

local batch = cjson.decode(ARGV[5])
local stale, unversed = stale_bases(batch.bases, versions)
if unversed then return unversed end
local clock = tonumber(known[2] or '0')
local now = math.max(clock_ms(), clock)
local outcome = apply_items(batch, stale, now, record, holds)
if outcome.rejected then return rejected(outcome.rejected) end

-- Written only now, the reply first: a server without memory refuses that one, and nothing is half done.
redis.call('SET', kept, outcome.reply)
redis.call('HSET', seats, spool, int(incarnation) .. ':' .. int(number))
if math.floor(now / 1000) > math.floor(clock / 1000) then redis.call('HSET', record, 'clock', int(now)) end
outcome.write()
return outcome.reply`,
};
