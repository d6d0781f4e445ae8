import type { Script } from '../script.ts';

export const CLAIM_FIELDS = [
  ...['payment', 'call', 'spool', 'request', 'state', 'version', 'transaction', 'record'],
] as const;
const fields = CLAIM_FIELDS.map((name) => `'${name}'`).join(', ');

const openOnly = `
local mark = redis.call('HMGET', KEYS[3], 'kind', 'identity')
if mark[1] ~= 'open' or mark[2] ~= identity() then return redis.error_reply('CLOSED the store is being rebuilt') end`;

const openStates = `
local OPEN = {claimed = true, verified = true, served = true, settling = true, unknown = true}
local function note(index, claim, state)
  if OPEN[state] then redis.call('ZADD', index, 0, claim) else redis.call('ZREM', index, claim) end
end`;

/**
 * First come, first served. Asked again by the same call for the same payment, it answers as it did at first. KEYS: record,
 * open claims, mark of the shard. ARGV: claim key, payment, call, spool, request hash, state, version, transaction, the payment as JSON.
 * Answers {1 if claimed, the claim's fields}.
 */
export const claimScript: Script = {
  lua: `${openOnly}${openStates}
local function stored() return redis.call('HMGET', KEYS[1], ${fields}) end
local claim = stored()
if claim[1] and claim[5] ~= 'released' then
  local again = claim[1] == ARGV[2] and claim[2] == ARGV[3] and claim[3] == ARGV[4]
    and claim[5] == ARGV[6] and claim[6] == ARGV[7]
  return {again and 1 or 0, claim}
end
redis.call('HSET', KEYS[1], 'payment', ARGV[2], 'call', ARGV[3], 'spool', ARGV[4], 'request', ARGV[5],
  'state', ARGV[6], 'version', ARGV[7], 'transaction', ARGV[8], 'record', ARGV[9])
note(KEYS[2], ARGV[1], ARGV[6])
return {1, stored()}`,
};

/**
 * Compare-and-set on (payment, state, version). KEYS: record, open claims, mark of the shard. ARGV: claim key, payment, from state, from
 * version, state, version, transaction, the payment as JSON. Answers {1 if moved, the claim's fields}.
 */
export const moveScript: Script = {
  lua: `${openOnly}${openStates}
local function stored() return redis.call('HMGET', KEYS[1], ${fields}) end
local claim = stored()
if claim[1] ~= ARGV[2] or claim[5] ~= ARGV[3] or claim[6] ~= ARGV[4] then return {0, claim} end
redis.call('HSET', KEYS[1], 'state', ARGV[5], 'version', ARGV[6], 'transaction', ARGV[7], 'record', ARGV[8])
note(KEYS[2], ARGV[1], ARGV[5])
return {1, stored()}`,
};
