import type { Script } from '../script.ts';

/**
 * First come, first served. KEYS: record. ARGV: call, spool, request hash, window in milliseconds, and the running call that
 * gives way (empty: none). Answers nil when it was begun, else {call, spool, request hash, state, note}.
 */
export const beginAnswerScript: Script = {
  lua: `
local found = redis.call('HMGET', KEYS[1], 'call', 'spool', 'request', 'state', 'note')
if found[1] and not (found[4] == 'running' and (found[1] == ARGV[5] or found[1] == ARGV[1])) then return found end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'call', ARGV[1], 'spool', ARGV[2], 'request', ARGV[3], 'state', 'running')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return nil`,
};

/** KEYS: record. ARGV: call, state, note. Ends the call if it runs. */
export const endAnswerScript: Script = {
  lua: `
local found = redis.call('HMGET', KEYS[1], 'call', 'state')
if found[1] ~= ARGV[1] or found[2] ~= 'running' then return end
if ARGV[2] == 'freed' then redis.call('DEL', KEYS[1])
else redis.call('HSET', KEYS[1], 'state', ARGV[2], 'note', ARGV[3]) end`,
};
