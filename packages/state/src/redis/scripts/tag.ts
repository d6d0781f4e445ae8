import type { Script } from '../script.ts';

/** KEYS: versions. ARGV: subject, version. A version never goes back. */
export const raiseVersionScript: Script = {
  lua: `
local newest = redis.call('HGET', KEYS[1], ARGV[1])
if not newest or tonumber(newest) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) end`,
};

/** KEYS: record. The moment of the tag's clock; nil where there is no tag. */
export const countersScript: Script = {
  lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return nil end
return int(math.max(clock_ms(), tonumber(redis.call('HGET', KEYS[1], 'clock') or '0')))`,
};

/**
 * KEYS: seats, record. ARGV: spool, incarnation. Makes the seat where there is none, so that a first batch under way is
 * refused. Answers {number, epoch}.
 */
export const raiseSeatScript: Script = {
  lua: `
local seat = redis.call('HGET', KEYS[1], ARGV[1]) or '0:0'
local incarnation, number = string.match(seat, '^(%d+):(%d+)$')
local raised = math.max(tonumber(incarnation), tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], ARGV[1], int(raised) .. ':' .. number)
return {number, redis.call('HGET', KEYS[2], 'epoch') or '0'}`,
};

/** KEYS: seats, holds of the spool. ARGV: spool, incarnation. The same unless holds are out; 1 when it was done. */
export const sealSeatScript: Script = {
  lua: `
if redis.call('HLEN', KEYS[2]) > 0 then return 0 end
local seat = redis.call('HGET', KEYS[1], ARGV[1])
if seat then
  local incarnation, number = string.match(seat, '^(%d+):(%d+)$')
  local raised = math.max(tonumber(incarnation), tonumber(ARGV[2]))
  redis.call('HSET', KEYS[1], ARGV[1], int(raised) .. ':' .. number)
end
return 1`,
};

/** KEYS: seats, reply and holds of the spool. ARGV: spool. Forgets the seat of a closed spool. */
export const forgetSeatScript: Script = {
  lua: `
if redis.call('HLEN', KEYS[3]) > 0 then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1`,
};
