import type { Script } from '../script.ts';
import { applyItems } from './apply-items.ts';
import { periods } from './periods.ts';

/**
 * Whose tag it is and whose seat. Sees `record`, `seats`, `spool`, `incarnation` and `asked_epoch`. Leaves `known` (identity,
 * clock, epoch, the highest number of a closed seat), `seat` (false where there is none), `last_incarnation` and `last_number`.
 */
const seatCheck = `
local function rebuild(reason)
  return cjson.encode({kind = 'rebuild', reason = reason})
end
local known = redis.call('HMGET', record, 'identity', 'clock', 'epoch', 'closed')
if not known[1] then return rebuild('the store does not know this tag') end
if known[1] ~= identity() then return rebuild('the tag was made by another store') end
local epoch = tonumber(known[3])
if asked_epoch < epoch then return '{"kind":"epoch","epoch":' .. int(epoch) .. '}' end
if asked_epoch > epoch then return rebuild('the tag is of an older epoch') end
local closed_number = tonumber(known[4] or '0')
local last_incarnation, last_number = incarnation, 0
local seat = redis.call('HGET', seats, spool)
if seat then
  local at = string.find(seat, ':', 1, true)
  last_incarnation, last_number = tonumber(string.sub(seat, 1, at - 1)), tonumber(string.sub(seat, at + 1))
end
if incarnation < last_incarnation then return '{"kind":"superseded"}' end
if incarnation > last_incarnation then return rebuild('the incarnation is ahead of the store') end`;

/**
 * The seat's protocol, then the items, in one step. KEYS: record, versions, seats, reply and holds of (tag, spool).
 * ARGV: spool, incarnation, number, whether the spool has said that it may come to this tag (`1`), the batch as JSON, epoch,
 * whether a seat is to begin (`1`).
 *
 * Answers what wire/decode-reply.ts reads, or `unseated` and `unversed`: nothing was changed, and the caller first has to
 * ask in other slots, which no script reaches.
 */
export const batchScript: Script = {
  lua: `${periods}
${applyItems}
local record, versions, seats, kept, holds = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local spool, incarnation, number = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local asked_epoch = tonumber(ARGV[6])
${seatCheck}
if not seat then
  if ARGV[4] ~= '1' then return '{"kind":"unseated"}' end
  if ARGV[7] == '1' or number == 1 then
    if number <= closed_number then return '{"kind":"begin","after":' .. int(closed_number) .. '}' end
    last_number = number - 1
  end
end
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

/** KEYS: record, holds of (tag, spool). ARGV: settles as in a batch, as JSON. For a spool that was taken over. */
export const settleTakenScript: Script = {
  lua: `${periods}
${applyItems}
local record, holds = KEYS[1], KEYS[2]
local known = redis.call('HMGET', record, 'identity', 'clock')
if known[1] ~= identity() then return rejected('the tag is to be rebuilt') end
local now = math.max(clock_ms(), tonumber(known[2] or '0'))
apply_items(cjson.decode(ARGV[1]), {}, now, record, holds).write()`,
};

/**
 * KEYS: record, seats, reply and holds of (tag, spool). ARGV: spool, incarnation, number, epoch. Forgets the seat; the tag
 * keeps the highest number that a closed one had. Answers a CloseReply, or `unseated`: it is not among the closed ones.
 */
export const closeSeatScript: Script = {
  lua: `
local record, seats, kept, holds = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local spool, incarnation, number, asked_epoch = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
${seatCheck}
if not seat then return number <= closed_number and '{"kind":"closed"}' or '{"kind":"unseated"}' end
if number ~= last_number then return rebuild('the seat has another number') end
if redis.call('HLEN', holds) > 0 then return '{"kind":"held"}' end
if number > closed_number then redis.call('HSET', record, 'closed', int(number)) end
redis.call('HDEL', seats, spool)
redis.call('DEL', kept)
return '{"kind":"closed"}'`,
};
