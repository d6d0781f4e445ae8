import type { Script } from '../script.ts';
import { booking } from './channel.ts';
import { periods } from './periods.ts';

const answer = `
local function current()
  local known = redis.call('HMGET', KEYS[1], 'epoch', 'kind', 'reason', 'since', 'identity')
  local kind = known[2]
  if not kind then kind = 'lost' end
  if kind == 'open' and known[5] ~= identity() then kind = 'lost' end
  return {known[1] or '0', kind, known[3] or 'the store has no epoch', known[4] or '0'}
end`;

/** KEYS: a mark of the epoch. Answers {epoch, kind, reason, since}; one of another server is lost. */
export const currentEpochScript: Script = { lua: `${answer}\nreturn current()` };

/** KEYS: mark. ARGV: the epoch above which, reason. */
export const raiseEpochScript: Script = {
  lua: `${answer}
local known = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
if known <= tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'epoch', int(tonumber(ARGV[1]) + 1), 'kind', 'closed', 'reason', ARGV[2],
    'since', int(clock_ms()), 'identity', identity())
end
return current()`,
};

/** KEYS: mark. ARGV: epoch, kind. Sets a shard's mark, unless it is of a later epoch. */
export const markScript: Script = {
  lua: `
if tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'kind', ARGV[2], 'identity', identity())
return 1`,
};

/** KEYS: mark. ARGV: epoch. Opens it if it is the closed one. */
export const openEpochScript: Script = {
  lua: `${answer}
local known = redis.call('HMGET', KEYS[1], 'epoch', 'kind')
if known[1] == ARGV[1] and known[2] == 'closed' then
  redis.call('HSET', KEYS[1], 'kind', 'open', 'since', int(clock_ms()), 'identity', identity())
end
return current()`,
};

/** KEYS: mark, reports. ARGV: epoch, spool, report. Answers 0 unless this epoch is the closed one. */
export const rejoinScript: Script = {
  lua: `
local known = redis.call('HMGET', KEYS[1], 'epoch', 'kind')
if known[1] ~= ARGV[1] or known[2] ~= 'closed' then return 0 end
redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3])
return 1`,
};

/**
 * KEYS: record, versions, seats, holders. ARGV: epoch; how many counters, then period id, node, counter and end (0: none)
 * of each; how many holds, then spool, call and hold of each. Versions of APIs are forgotten, so that the tag enters their
 * lists anew. Counters of periods that have ended are left: nothing is granted there. Answers 0 under a later epoch.
 */
export const restoreTagScript: Script = {
  lua: `${periods}
local record = KEYS[1]
local known = redis.call('HMGET', record, 'epoch', 'clock')
if tonumber(known[1] or '0') > tonumber(ARGV[1]) then return 0 end
in_parts('SADD', KEYS[4], redis.call('HKEYS', KEYS[3]))
for _, spool in ipairs(redis.call('SMEMBERS', KEYS[4])) do
  redis.call('DEL', record .. ':reply:' .. spool, record .. ':holds:' .. spool)
end
redis.call('DEL', KEYS[3], KEYS[4])
for _, subject in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(subject, 1, 4) == 'api:' then redis.call('HDEL', KEYS[2], subject) end
end
local now = math.max(clock_ms(), tonumber(known[2] or '0'))
for _, period in ipairs({'minute', 'hour', 'day', 'week', 'month', 'total'}) do
  redis.call('DEL', record .. ':n:' .. period_at(period, now))
end
local cleared, at = {}, 2
for _ = 1, tonumber(ARGV[at]) do
  local key = record .. ':n:' .. ARGV[at + 1]
  if not cleared[key] then redis.call('DEL', key) end
  cleared[key] = true
  redis.call('HSET', key, ARGV[at + 2], ARGV[at + 3])
  local left = tonumber(ARGV[at + 4]) - now + 40 * 86400000
  if ARGV[at + 4] ~= '0' then redis.call('PEXPIRE', key, int(math.max(left, 60000))) end
  at = at + 4
end
at = at + 1
for _ = 1, tonumber(ARGV[at]) do
  redis.call('HSET', record .. ':holds:' .. ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
  redis.call('SADD', KEYS[4], ARGV[at + 1])
  at = at + 3
end
redis.call('HSET', record, 'epoch', ARGV[1], 'identity', identity())
return 1`,
};

/**
 * KEYS: record, open claims, mark, and its channel if it has one. ARGV: epoch, then as claimScript. A claim that is stored further on stays; a settled one
 * takes the place of another's on the same authorization. Answers 0 unless this epoch is the closed one.
 */
export const restoreClaimScript: Script = {
  lua: `${booking}
local mark = redis.call('HMGET', KEYS[3], 'epoch', 'kind')
if mark[1] ~= ARGV[1] or mark[2] ~= 'closed' then return 0 end
local claim = redis.call('HMGET', KEYS[1], 'payment', 'version', 'state', 'record')
local PAID = {settled = true, refunding = true, refunded = true, credited = true}
local wins = PAID[ARGV[7]] and not PAID[claim[3]]
local stays = claim[1] and (claim[1] == ARGV[3] and tonumber(claim[2]) >= tonumber(ARGV[8])
  or claim[1] ~= ARGV[3] and claim[3] ~= 'released' and not wins)
if stays then return 1 end
redis.call('HSET', KEYS[1], 'payment', ARGV[3], 'call', ARGV[4], 'spool', ARGV[5], 'request', ARGV[6],
  'state', ARGV[7], 'version', ARGV[8], 'transaction', ARGV[9], 'record', ARGV[10])
local OPEN = {claimed = true, verified = true, served = true, settling = true, unknown = true}
if OPEN[ARGV[7]] then redis.call('ZADD', KEYS[2], 0, ARGV[2]) else redis.call('ZREM', KEYS[2], ARGV[2]) end
if KEYS[4] then book(KEYS[4], claim[4], ARGV[10]) end
return 1`,
};
