/**
 * `period_at(period, at_ms)` answers the id and the end of the period that a moment falls in, named as in
 * packages/core/src/period.ts. Weeks start on Monday; `total` never ends (nil).
 */
export const periods = `
local function leap_days(year)
  return math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
end
local function first_day(year)
  return 365 * (year - 1970) + leap_days(year - 1) - leap_days(1969)
end
local function date_of(day)
  local year = 1970 + math.floor(day / 365.2425)
  while first_day(year + 1) <= day do year = year + 1 end
  while first_day(year) > day do year = year - 1 end
  local left, month = day - first_day(year), 1
  local lengths = {31, 28 + leap_days(year) - leap_days(year - 1), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
  while left >= lengths[month] do
    left = left - lengths[month]
    month = month + 1
  end
  return year, month, left + 1, lengths[month]
end
local DAY = 86400000
local function day_id(day)
  local year, month, date = date_of(day)
  return string.format('%04d-%02d-%02d', year, month, date)
end
local function period_at(period, at_ms)
  if period == 'total' then return 'total', nil end
  local day = math.floor(at_ms / DAY)
  if period == 'month' then
    local year, month, date, length = date_of(day)
    return string.format('%04d-%02d', year, month), (day - date + 1 + length) * DAY
  elseif period == 'week' then
    local monday = day - (day + 3) % 7
    return 'w' .. day_id(monday), (monday + 7) * DAY
  elseif period == 'day' then
    return day_id(day), (day + 1) * DAY
  end
  local hour = math.floor(at_ms % DAY / 3600000)
  local id = string.format('%sT%02d', day_id(day), hour)
  if period == 'hour' then return id, day * DAY + (hour + 1) * 3600000 end
  local minute = math.floor(at_ms % 3600000 / 60000)
  return string.format('%s:%02d', id, minute), (math.floor(at_ms / 60000) + 1) * 60000
end`;
