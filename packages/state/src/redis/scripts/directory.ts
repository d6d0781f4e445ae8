import type { Script } from '../script.ts';

/** KEYS: record. ARGV: version, body. Answers 1 when this version is stored, now or before; 0 when a newer one is. */
export const putSnapshotScript: Script = {
  lua: `
local stored = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if stored < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'version', ARGV[1], 'body', ARGV[2]) end
return stored <= tonumber(ARGV[1]) and 1 or 0`,
};

/**
 * Opens the tag where there is none, unless the epoch is closed (`0`: it may have had one that is to be restored), and
 * replaces customer and keys as a whole. KEYS: record, versions. ARGV: subject, version, epoch, customer, then hash and key record of each key. Answers as putSnapshotScript.
 */
export const putCustomerScript: Script = {
  lua: `
if ARGV[3] ~= '0' and not redis.call('HGET', KEYS[1], 'identity') then
  redis.call('HSET', KEYS[1], 'identity', identity(), 'epoch', ARGV[3])
end
local stored = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if stored < tonumber(ARGV[2]) then
  local old = {}
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(field, 1, 2) == 'k:' then old[#old + 1] = field end
  end
  in_parts('HDEL', KEYS[1], old)
  local fields = {'version', ARGV[2], 'record', ARGV[4]}
  for at = 5, #ARGV, 2 do
    fields[#fields + 1] = 'k:' .. ARGV[at]
    fields[#fields + 1] = ARGV[at + 1]
  end
  in_parts('HSET', KEYS[1], fields)
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
return stored <= tonumber(ARGV[2]) and 1 or 0`,
};

/**
 * Numbers a change, unless this version or a newer one has its number, and wakes whoever listens. A subject's last change
 * takes the place of those before. KEYS: latest, changes, subjects of this kind. ARGV: kind, id, version, channel.
 */
export const logChangeScript: Script = {
  lua: `
local logged = redis.call('HGET', KEYS[3], ARGV[2])
if logged then
  local version, number = string.match(logged, '^(%d+) (%d+)$')
  if tonumber(version) >= tonumber(ARGV[3]) then return end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], number, number)
end
local number = int(redis.call('INCR', KEYS[1]))
redis.call('ZADD', KEYS[2], number, cjson.encode({number, ARGV[1], ARGV[2], ARGV[3]}))
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3] .. ' ' .. number)
redis.call('PUBLISH', ARGV[4], number)`,
};

/** KEYS: latest, changes. ARGV: the number after which, how many. Answers {latest, changes}. */
export const changesScript: Script = {
  lua: `
return {redis.call('GET', KEYS[1]) or '0',
  redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])}`,
};
