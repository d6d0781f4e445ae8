import type { Script } from '../script.ts';
import { booking, channelFields } from './channel.ts';

export const CLAIM_FIELDS = [
  ...['payment', 'call', 'spool', 'request', 'state', 'version', 'transaction', 'record'],
] as const;
const fields = CLAIM_FIELDS.map((name) => `'${name}'`).join(', ');

const openOnly = `
local mark = redis.call('HMGET', KEYS[3], 'kind', 'identity', 'epoch')
if mark[1] ~= 'open' or mark[2] ~= identity() then return redis.error_reply('CLOSED the store is being rebuilt') end`;

const openStates = `
local OPEN = {claimed = true, verified = true, served = true, settling = true, unknown = true}
local function note(index, claim, state)
  if OPEN[state] then redis.call('ZADD', index, 0, claim) else redis.call('ZREM', index, claim) end
end`;

const claiming = `
local function stored() return redis.call('HMGET', KEYS[1], ${fields}) end
local function is_again(claim)
  return claim[1] == ARGV[2] and claim[2] == ARGV[3] and claim[3] == ARGV[4] and claim[5] == ARGV[6] and claim[6] == ARGV[7]
end
local function enter()
  redis.call('HSET', KEYS[1], 'payment', ARGV[2], 'call', ARGV[3], 'spool', ARGV[4], 'request', ARGV[5],
    'state', ARGV[6], 'version', ARGV[7], 'transaction', ARGV[8], 'record', ARGV[9])
  note(KEYS[2], ARGV[1], ARGV[6])
end`;

/**
 * First come, first served. Asked again by the same call for the same payment, it answers as it did at first. KEYS: record,
 * open claims, mark of the shard. ARGV: claim key, payment, call, spool, request hash, state, version, transaction, the payment as JSON.
 * Answers {1 if claimed, the claim's fields}.
 */
export const claimScript: Script = {
  lua: `${openOnly}${openStates}${claiming}
local claim = stored()
if claim[1] and claim[5] ~= 'released' then return {is_again(claim) and 1 or 0, claim} end
enter()
return {1, stored()}`,
};

/**
 * The same on a channel, in one step with what it takes of it. KEYS: as claimScript, then the channel. ARGV: as claimScript,
 * then amount, voucher, signature, and how much may wait for the chain. Answers {1 if claimed, claim, channel}, or {-1, reason,
 * channel}.
 */
export const claimVoucherScript: Script = {
  lua: `${openOnly}${openStates}${claiming}${booking}
local claim = stored()
local function channel() return redis.call('HMGET', KEYS[4], ${channelFields}) end
if claim[1] and claim[5] ~= 'released' then return {is_again(claim) and 1 or 0, claim, channel()} end
if redis.call('EXISTS', KEYS[4]) == 0 then return {-1, 'unknown', channel()} end
local known = redis.call('HMGET', KEYS[4], 'state', 'record', 'deposit', 'settled', 'spent', 'held', 'epoch')
local function number(index) return tonumber(known[index] or '0') end
local taken, voucher = number(5) + number(6) + tonumber(ARGV[10]), tonumber(ARGV[11])
local reason
if (known[1] or 'open') ~= 'open' then reason = 'closed'
elseif not known[2] or known[7] ~= mark[3] then reason = 'unknown'
elseif voucher > number(3) then reason = 'exceeds-deposit'
elseif taken > voucher then reason = 'insufficient'
elseif taken - number(4) > tonumber(ARGV[13]) then reason = 'unsettled' end
if reason then return {-1, reason, channel()} end
enter()
book(KEYS[4], false, ARGV[9])
return {1, stored(), channel()}`,
};

/**
 * Compare-and-set on (payment, state, version). KEYS: record, open claims, mark of the shard, and its channel if it has one. ARGV: claim key, payment, from state, from
 * version, state, version, transaction, the payment as JSON. Answers {1 if moved, the claim's fields, and what is spent and settled of a channel}.
 */
export const moveScript: Script = {
  lua: `${openOnly}${openStates}${booking}
local function stored() return redis.call('HMGET', KEYS[1], ${fields}) end
local claim = stored()
if claim[1] ~= ARGV[2] or claim[5] ~= ARGV[3] or claim[6] ~= ARGV[4] then return {0, claim} end
redis.call('HSET', KEYS[1], 'state', ARGV[5], 'version', ARGV[6], 'transaction', ARGV[7], 'record', ARGV[8])
note(KEYS[2], ARGV[1], ARGV[5])
if KEYS[4] then book(KEYS[4], claim[8], ARGV[8]) end
return {1, stored(), KEYS[4] and redis.call('HMGET', KEYS[4], 'spent', 'settled')}`,
};
