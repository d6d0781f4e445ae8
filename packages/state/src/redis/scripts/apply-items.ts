/**
 * `apply_items` works on copies and answers the reply and how to write: `{reply, write}`, or `{rejected}`. Settles come
 * first, so that what they free can be asked for; then reserves in their order, each all or nothing. The batch is what
 * encode-batch.ts makes; lists name nodes, windows and bases by their places, from 1.
 *
 * Counters lie in one hash a period, which the server forgets 40 days after its end, by the tag's clock. A hold so old
 * settles without a counter.
 */
export const applyItems = `
local KEPT_MS = 40 * 86400000

local function stale_bases(bases, versions)
  local stale, unversed = {}, {}
  for place, basis in ipairs(bases) do
    local subjects = {}
    for index = 1, #basis, 2 do subjects[#subjects + 1] = basis[index] end
    for index, newest in ipairs(read_fields(versions, subjects)) do
      if not newest then
        unversed[#unversed + 1] = subjects[index]
      elseif tonumber(newest) > basis[2 * index] then
        stale[place] = '[4,' .. cjson.encode(subjects[index]) .. ',' .. newest .. ']'
      end
    end
  end
  if #unversed > 0 then return nil, cjson.encode({kind = 'unversed', subjects = unversed}) end
  return stale
end

local function open_counters(record)
  local by_period = {}
  local function counter(period_id, node)
    local period = by_period[period_id]
    if not period then
      period = {names = {}, at = {}}
      by_period[period_id] = period
    end
    local found = period.at[node]
    if not found then
      found = {spent = 0, held = 0, limit = 0}
      period.at[node] = found
      period.names[#period.names + 1] = node
    end
    return found
  end
  local function load()
    for period_id, period in pairs(by_period) do
      for index, text in ipairs(read_fields(record .. ':n:' .. period_id, period.names)) do
        if text then
          local spent, held, limit = string.match(text, '^(%d+) (%d+) (%d+)$')
          local found = period.at[period.names[index]]
          found.spent, found.held, found.limit = tonumber(spent), tonumber(held), tonumber(limit)
          found.known = true
        end
      end
    end
  end
  local function save(now)
    for period_id, period in pairs(by_period) do
      local values, ends = {}, nil
      for _, node in ipairs(period.names) do
        local found = period.at[node]
        if found.dirty then
          values[#values + 1] = node
          values[#values + 1] = int(found.spent) .. ' ' .. int(found.held) .. ' ' .. int(found.limit)
          if not found.known then ends = found.ends end
        end
      end
      in_parts('HSET', record .. ':n:' .. period_id, values)
      if ends then redis.call('PEXPIRE', record .. ':n:' .. period_id, int(ends - now + KEPT_MS)) end
    end
  end
  return counter, load, save
end

local function settle_all(settles, before, counter)
  local gone, answers = {}, {}
  for index, settle in ipairs(settles) do
    local parts = before[index]
    answers[index] = parts and '1' or '0'
    if parts then
      gone[#gone + 1] = settle[1]
      local charges = {}
      for at = 2, #settle, 2 do charges[settle[at]] = settle[at + 1] end
      for at = 4, #parts, 3 do
        local found, amount = counter(parts[at + 1], parts[at]), tonumber(parts[at + 2])
        if found.known then
          found.held = found.held - amount
          found.spent = found.spent + math.min(amount, charges[parts[at]] or 0)
          found.dirty = true
        end
      end
    end
  end
  return gone, table.concat(answers, ',')
end

local function open_windows(batch, record, now)
  local windows = {}
  for index, name in ipairs(batch.windows) do
    local length = batch.windowSeconds[index] * 1000
    local key = record .. ':w:' .. int(length) .. ':' .. int(now - now % length)
    windows[index] = {
      key = key, name = name, ends = now - now % length + length,
      taken = tonumber(redis.call('HGET', key, name) or '0'),
    }
  end
  return windows
end

local function refusal(takes, asks, windows, nodes)
  for at = 1, #takes, 2 do
    if windows[takes[at]].taken >= takes[at + 1] then return '[1,' .. int((at - 1) / 2) .. ']' end
  end
  local held
  for at = 1, #asks, 3 do
    local found, amount, limit = nodes[asks[at]], asks[at + 1], asks[at + 2]
    if amount > limit - found.spent - found.held then
      local state = ',' .. int((at - 1) / 3) .. ',' .. int(found.spent) .. ',' .. int(found.held) .. ']'
      -- What is spent stays spent: such a node is named rather than one that running calls may still free.
      if amount > limit - found.spent then return '[2' .. state end
      held = held or '[3' .. state
    end
  end
  return held
end

local function grant(call, windows, nodes, now)
  local reply, hold = {'0'}, {int(now), int(call[3]), call[4]}
  for at = 1, #call[5], 2 do
    local window = windows[call[5][at]]
    window.taken = window.taken + 1
    window.dirty = true
    reply[#reply + 1] = int(call[5][at + 1] - window.taken)
  end
  for at = 1, #call[6], 3 do
    local found = nodes[call[6][at]]
    found.held = found.held + call[6][at + 1]
    found.limit = call[6][at + 2]
    found.dirty = true
    reply[#reply + 1] = int(found.spent) .. ',' .. int(found.held)
    hold[#hold + 1] = found.node
    hold[#hold + 1] = found.period_id
    hold[#hold + 1] = int(call[6][at + 1])
  end
  return '[' .. table.concat(reply, ',') .. ']', cjson.encode(hold)
end

local function apply_items(batch, stale, now, record, holds)
  local counter, load, save = open_counters(record)
  local ids, ends, shown = {}, {}, {}
  for index, period in ipairs(batch.periods) do
    ids[index], ends[index] = period_at(period, now)
    shown[index] = '["' .. ids[index] .. '",' .. (ends[index] and int(ends[index]) or 'null') .. ']'
  end
  local nodes = {}
  for index, node in ipairs(batch.nodes) do
    local period = batch.nodePeriods[index]
    local found = counter(ids[period], node)
    found.node, found.period_id, found.ends = node, ids[period], ends[period]
    nodes[index] = found
  end
  local names, before, held = {}, {}, {}
  for index, settle in ipairs(batch.settles) do names[index] = settle[1] end
  for index, text in ipairs(read_fields(holds, names)) do
    before[index] = text and cjson.decode(text)
    if text then
      for at = 4, #before[index], 3 do counter(before[index][at + 1], before[index][at]) end
    end
  end
  local calls = {}
  for index, call in ipairs(batch.calls) do calls[index] = call[1] end
  for index, text in ipairs(read_fields(holds, calls)) do held[calls[index]] = text and true or nil end
  load()

  local gone, settled = settle_all(batch.settles, before, counter)
  for _, call in ipairs(gone) do held[call] = nil end
  local windows = open_windows(batch, record, now)
  local replies, made = {}, {}
  for index, call in ipairs(batch.calls) do
    local reply = stale[call[2]] or refusal(call[5], call[6], windows, nodes)
    if not reply then
      if held[call[1]] then return {rejected = 'call ' .. call[1] .. ' holds already'} end
      held[call[1]] = true
      local hold
      reply, hold = grant(call, windows, nodes, now)
      made[#made + 1] = call[1]
      made[#made + 1] = hold
    end
    replies[index] = reply
  end
  return {
    reply = '{"kind":"done","nowMs":' .. int(now) .. ',"periods":[' .. table.concat(shown, ',') .. '],"reserves":['
      .. table.concat(replies, ',') .. '],"settled":[' .. settled .. ']}',
    write = function()
      in_parts('HDEL', holds, gone)
      in_parts('HSET', holds, made)
      save(now)
      for _, window in ipairs(windows) do
        if window.dirty then
          redis.call('HSET', window.key, window.name, int(window.taken))
          redis.call('PEXPIRE', window.key, int(window.ends - now + 3600000))
        end
      end
    end,
  }
end`;
