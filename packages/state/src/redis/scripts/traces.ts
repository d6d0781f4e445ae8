import type { Script } from '../script.ts';

/** KEYS: the stream. ARGV: how many it may hold, then the traces. Takes what there is room for; answers how many. */
export const appendTracesScript: Script = {
  lua: `
local room = tonumber(ARGV[1]) - redis.call('XLEN', KEYS[1])
local taken = math.max(0, math.min(room, #ARGV - 1))
for index = 1, taken do redis.call('XADD', KEYS[1], '*', 'trace', ARGV[index + 1]) end
return taken`,
};
