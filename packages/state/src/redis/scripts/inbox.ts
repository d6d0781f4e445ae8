import type { Script } from '../script.ts';

/**
 * Takes in what is new of a piece and ignores what came before; a gap is refused. KEYS: inbox, items. ARGV: first number,
 * last number, the items as a JSON array, whether the spool is on the list of inboxes (`1`). Answers `unlisted` when it has
 * to be entered there first, with nothing changed.
 */
export const appendScript: Script = {
  lua: `
local inbox = redis.call('HMGET', KEYS[1], 'appended', 'listed')
local appended, first, last = tonumber(inbox[1] or '0'), tonumber(ARGV[1]), tonumber(ARGV[2])
if last <= appended then return 'taken' end
if first > appended + 1 then
  return rejected('items from ' .. ARGV[1] .. ' leave a gap after ' .. int(appended))
end
if not inbox[2] and ARGV[4] ~= '1' then return 'unlisted' end
redis.call('XADD', KEYS[2], ARGV[2] .. '-1', 'first', ARGV[1], 'from', int(appended + 1), 'items', ARGV[3])
redis.call('HSET', KEYS[1], 'appended', ARGV[2], 'listed', '1')
return 'taken'`,
};

/** KEYS: inbox, items. ARGV: the number that the worker has committed. Pieces that it covers are forgotten. */
export const acknowledgeScript: Script = {
  lua: `
local inbox = redis.call('HMGET', KEYS[1], 'appended', 'committed')
local sequence = tonumber(ARGV[1])
local committed = math.max(tonumber(inbox[2] or '0'), sequence)
local appended = math.max(tonumber(inbox[1] or '0'), committed)
redis.call('HSET', KEYS[1], 'committed', int(committed), 'appended', int(appended))
redis.call('XTRIM', KEYS[2], 'MINID', int(committed + 1))`,
};
