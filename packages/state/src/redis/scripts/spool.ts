import type { Script } from '../script.ts';

/** KEYS: record. ARGV: boot, host, url. A spool keeps its first registration; its address may change. */
export const registerScript: Script = {
  lua: `
if redis.call('HSETNX', KEYS[1], 'registered', int(clock_ms())) == 1 then
  redis.call('HSET', KEYS[1], 'boot', ARGV[1], 'host', ARGV[2], 'incarnation', '1')
end
redis.call('HSET', KEYS[1], 'url', ARGV[3])`,
};

/** KEYS: record. ARGV: sequence, since. Notes how far a spool has come: `<at> <sequence> <since>`. */
export const reportScript: Script = {
  lua: `
local spool = redis.call('HMGET', KEYS[1], 'registered', 'closed')
if spool[1] and not spool[2] then
  redis.call('HSET', KEYS[1], 'report', int(clock_ms()) .. ' ' .. ARGV[1] .. ' ' .. ARGV[2])
end`,
};

/** KEYS: record, tags. ARGV: incarnation, tag. What a first batch of a tag asks: `welcome`, else why it is refused. */
export const visitScript: Script = {
  lua: `
local spool = redis.call('HMGET', KEYS[1], 'incarnation', 'closed')
if not spool[1] then return 'the spool is not registered' end
if spool[2] or tonumber(ARGV[1]) < tonumber(spool[1]) then return 'superseded' end
if tonumber(ARGV[1]) > tonumber(spool[1]) then return 'the incarnation is ahead of the store' end
redis.call('HINCRBY', KEYS[1], 'visits', 1)
redis.call('SADD', KEYS[2], ARGV[2])
return 'welcome'`,
};

/**
 * KEYS: record, tags. ARGV: tag, how many visits there were before its seat was closed. Takes it off the list, unless it may
 * have been visited since: a tag that stays there is walked in vain, one that is missing would lose its holds.
 */
export const leaveScript: Script = {
  lua: `
if (redis.call('HGET', KEYS[1], 'visits') or '0') == ARGV[2] then redis.call('SREM', KEYS[2], ARGV[1]) end`,
};

/** KEYS: record, tags. ARGV: successor. Raises the incarnation once per successor: {incarnation, tags}; {} if unknown. */
export const takeOverScript: Script = {
  lua: `
local spool = redis.call('HMGET', KEYS[1], 'incarnation', 'taken')
if not spool[1] then return {} end
local incarnation = tonumber(spool[1])
if spool[2] ~= ARGV[1] then
  incarnation = incarnation + 1
  redis.call('HSET', KEYS[1], 'incarnation', int(incarnation), 'taken', ARGV[1])
end
return {int(incarnation), redis.call('SMEMBERS', KEYS[2])}`,
};

/** KEYS: record, inbox. Closes unless items wait for the worker: the incarnation that seats are sealed with, or nil. */
export const closeScript: Script = {
  lua: `
local inbox = redis.call('HMGET', KEYS[2], 'appended', 'committed')
if tonumber(inbox[2] or '0') < tonumber(inbox[1] or '0') then return nil end
local incarnation = redis.call('HGET', KEYS[1], 'incarnation')
if not incarnation then return '0' end
if redis.call('HSETNX', KEYS[1], 'closed', int(clock_ms())) == 1 then
  incarnation = int(redis.call('HINCRBY', KEYS[1], 'incarnation', 1))
end
return incarnation`,
};

/** KEYS: record. A hold came in while the spool was closed: it is open again. */
export const reopenScript: Script = {
  lua: `
if redis.call('HDEL', KEYS[1], 'closed') == 1 then redis.call('HINCRBY', KEYS[1], 'incarnation', -1) end`,
};
