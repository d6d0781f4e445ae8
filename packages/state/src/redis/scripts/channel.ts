import type { Script } from '../script.ts';

const names = [
  'state',
  'record',
  'deposit',
  'settled',
  'spent',
  'held',
  'voucher',
  'signature',
  'transaction',
] as const;

/** The fields of a channel, as scripts read them in one go. */
export const channelFields = names.map((name) => `'${name}'`).join(', ');

/** Takes a claim's step into its channel: what payments hold and spend of it. Vouchers only grow. */
export const booking = `
local HELD = {claimed = true, verified = true, served = true, settling = true, unknown = true}
local SPENT = {settled = true, refunding = true, refunded = true, credited = true}
local function book(key, before, after)
  local old, new = before and cjson.decode(before), cjson.decode(after)
  local function change(states)
    local sum = 0
    if old and states[old.state] then sum = sum - tonumber(old.amountAtomic) end
    if states[new.state] then sum = sum + tonumber(new.amountAtomic) end
    return sum
  end
  redis.call('HINCRBY', key, 'held', int(change(HELD)))
  redis.call('HINCRBY', key, 'spent', int(change(SPENT)))
  local voucher = tonumber(new.details.cumulative or '-1')
  if voucher > tonumber(redis.call('HGET', key, 'voucher') or '-1') then
    redis.call('HSET', key, 'voucher', new.details.cumulative, 'signature', new.details.signature)
  end
end`;

const answer = `
local function channel() return redis.call('HMGET', KEYS[1], ${channelFields}) end`;

const openOnly = `
local mark = redis.call('HMGET', KEYS[2], 'kind', 'identity', 'epoch')
if mark[1] ~= 'open' or mark[2] ~= identity() then return redis.error_reply('CLOSED the store is being rebuilt') end`;

/** KEYS: channel, mark of the shard. ARGV: record, deposit, settled. Answers the channel. */
export const openChannelScript: Script = {
  lua: `${answer}${openOnly}
local known = redis.call('HMGET', KEYS[1], 'record', 'deposit', 'settled', 'spent', 'epoch')
local function raise(name, old, new)
  if tonumber(new) > tonumber(old or '0') then redis.call('HSET', KEYS[1], name, new) end
end
if not known[1] then
  redis.call('HSET', KEYS[1], 'record', ARGV[1])
  redis.call('HSETNX', KEYS[1], 'state', 'open')
end
if not known[1] or known[5] ~= mark[3] then raise('spent', known[4], ARGV[3]) end
redis.call('HSET', KEYS[1], 'epoch', mark[3])
raise('deposit', known[2], ARGV[2])
raise('settled', known[3], ARGV[3])
return channel()`,
};

/** KEYS: channel, mark and closing channels of the shard. ARGV: channel key, voucher and signature, or none. Answers the channel. */
export const closeChannelScript: Script = {
  lua: `${answer}${openOnly}
local known = redis.call('HMGET', KEYS[1], 'record', 'state', 'voucher')
if not known[1] then return channel() end
if known[2] == 'open' then
  redis.call('HSET', KEYS[1], 'state', 'closing')
  redis.call('ZADD', KEYS[3], 0, ARGV[1])
end
if ARGV[2] and tonumber(ARGV[2]) > tonumber(known[3] or '-1') then
  redis.call('HSET', KEYS[1], 'voucher', ARGV[2], 'signature', ARGV[3])
end
return channel()`,
};

/** KEYS: channel, closing channels of the shard. ARGV: channel key, settled, transaction or nothing. Answers the channel. */
export const settleChannelScript: Script = {
  lua: `${answer}
if redis.call('EXISTS', KEYS[1]) == 0 then return channel() end
if tonumber(ARGV[2]) > tonumber(redis.call('HGET', KEYS[1], 'settled') or '0') then
  redis.call('HSET', KEYS[1], 'settled', ARGV[2])
end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'state', 'closed', 'transaction', ARGV[3])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return channel()`,
};
