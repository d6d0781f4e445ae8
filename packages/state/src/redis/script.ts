/** A Lua script that runs as one step. It sees what the prelude defines. */
export interface Script {
  readonly lua: string;
}

/** What every script begins with: whose clock, and which store. */
export interface Prelude {
  readonly lua: string;
}

/** The store's own clock, in milliseconds; and the name that the server drew when it started, so that no copy has it. */
export const clockAndIdentity = `
local function clock_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function identity()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end`;

/** Lua writes large integers as 1e+15 unless told otherwise; commands take a bounded number of arguments. */
export const integersAndHashes = `
local function int(number)
  return string.format('%.0f', number)
end
local function rejected(reason)
  return redis.error_reply('REJECTED ' .. reason)
end
local function read_fields(key, fields)
  local values = {}
  for from = 1, #fields, 1000 do
    local part = redis.call('HMGET', key, unpack(fields, from, math.min(from + 999, #fields)))
    for index = 1, #part do values[from + index - 1] = part[index] end
  end
  return values
end
local function in_parts(command, key, values)
  for from = 1, #values, 1000 do
    redis.call(command, key, unpack(values, from, math.min(from + 999, #values)))
  end
end`;

export const productPrelude: Prelude = { lua: `${clockAndIdentity}\n${integersAndHashes}` };

/** KEYS: any, to choose a node by. Answers the moment by its clock. */
export const nowScript: Script = { lua: 'return int(clock_ms())' };
