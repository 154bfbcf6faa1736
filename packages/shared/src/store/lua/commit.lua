-- Commits a part of what changed in one scope: facts, shared entities and events together.
--
-- KEYS  1 lease, 2 scopes, 3 facts, 4 resources, 5 entities, 6 references, 7 sequence, 8 outbox number, 9 outbox,
--       10 sync, 11 totals, 12 removals by hour, 13 hold, 14 held, 15 approved, 16 rejected, 17 holds of the shard
-- ARGV  1 fencing token, 2 connection id, 3 scope id, 4 version of the facts that the difference was computed from,
--       5 what is known of the scope afterwards (JSON; 'remove' forgets the scope; '' leaves it), 6 steps (JSON),
--       7 buckets of facts as they are afterwards {{field, facts or ''}} (JSON), 8 what the sync has counted {field: n}
--       (JSON), 9 guard {removals, floor, share, nowMs} (JSON or ''), 10 hold {set: {which, entry}, record, expiresMs, clear:
--       {which}} (JSON or ''), 11 outbox channel, 12 shard,
--       13 '1' when the sync counts what is done, else it was over long ago
-- Reply {'committed', events that were appended {name: n} (JSON)} | {'fenced'} | {'conflict', what} | {'guarded', removed in a day, of how many}
--
-- A step may hold: expect {id, sha1 of the stored entity or ''}, resource {scope id, text}, put {id, entity}, hold id,
-- release id, events {{name, text}}; and for what follows a release: gone {event} when nothing mentions the entity any
-- more, kept {put, events} when something still does.
--
-- Invariant: either all is done or nothing. A token that is not the present one, facts of another version, an entity
-- that is not the expected one, or more removals than the guard lets pass, change nothing.
local keys = { sequence = KEYS[7], outbox_number = KEYS[8], outbox = KEYS[9], totals = KEYS[11] }
if ARGV[13] == '1' then keys.sync = KEYS[10] end
local connection_id, scope_id, version = ARGV[2], ARGV[3], ARGV[4]

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
local known = redis.call('HGET', KEYS[2], scope_id) or '0 '
local present = string.match(known, '^%d+')
if present ~= version then return { 'conflict', scope_id } end

local steps = cjson.decode(ARGV[6])
for _, step in ipairs(steps) do
  if step.expect then
    local entity = redis.call('HGET', KEYS[5], step.expect[1])
    local found = entity and redis.sha1hex(entity) or ''
    if found ~= step.expect[2] then return { 'conflict', step.expect[1] } end
  end
end

-- While anything is held, whatever else goes is held too; else a day may take away a share of what there was.
if ARGV[9] ~= '' then
  local guard = cjson.decode(ARGV[9])
  local this_hour = math.floor(guard.nowMs / 3600000)
  local removed = 0
  local by_hour = redis.call('HGETALL', KEYS[12])
  for at = 1, #by_hour, 2 do
    if tonumber(by_hour[at]) < this_hour - 24 then
      redis.call('HDEL', KEYS[12], by_hour[at])
    else
      removed = removed + tonumber(by_hour[at + 1])
    end
  end
  local totals = redis.call('HMGET', KEYS[11], 'grants', 'nestings')
  local of = (tonumber(totals[1]) or 0) + (tonumber(totals[2]) or 0) + removed
  local allowed = math.max(guard.floor, math.floor(guard.share * of))
  if redis.call('EXISTS', KEYS[14]) == 1 or removed + guard.removals > allowed then
    return { 'guarded', removed, of }
  end
  redis.call('HINCRBY', KEYS[12], string.format('%.0f', this_hour), guard.removals)
end

local appended = {}
local function append_all(events)
  for _, event in ipairs(events or {}) do
    append(keys, connection_id, event)
    appended[event[1]] = (appended[event[1]] or 0) + 1
  end
end

local function put(entity)
  if entity then redis.call('HSET', KEYS[5], entity[1], entity[2]) end
end

local function release(step)
  local left = redis.call('HINCRBY', KEYS[6], step.release, -1)
  if left <= 0 then
    redis.call('HDEL', KEYS[6], step.release)
    redis.call('HDEL', KEYS[5], step.release)
    append_all(step.gone)
  elseif step.kept then
    put(step.kept.put)
    append_all(step.kept.events)
  end
end

for _, step in ipairs(steps) do
  if step.resource then redis.call('HSET', KEYS[4], step.resource[1], step.resource[2]) end
  put(step.put)
  if step.hold then redis.call('HINCRBY', KEYS[6], step.hold, 1) end
  append_all(step.events)
  if step.release then release(step) end
end

local buckets = cjson.decode(ARGV[7])
for _, bucket in ipairs(buckets) do
  if bucket[2] == '' then
    redis.call('HDEL', KEYS[3], bucket[1])
  else
    redis.call('HSET', KEYS[3], bucket[1], bucket[2])
  end
end

if ARGV[5] == 'remove' then
  redis.call('HDEL', KEYS[2], scope_id)
  redis.call('HDEL', KEYS[4], scope_id)
else
  if #steps > 0 then version = string.format('%.0f', tonumber(version) + 1) end
  local record = ARGV[5] ~= '' and ARGV[5] or string.match(known, '^%d+ (.*)$')
  redis.call('HSET', KEYS[2], scope_id, version .. ' ' .. record)
  -- The very same record was written before: the answer to that was lost, and its counts were not.
  if version .. ' ' .. record == known then ARGV[8] = '{}' end
end

for field, count in pairs(cjson.decode(ARGV[8])) do redis.call('HINCRBY', KEYS[10], field, count) end

if ARGV[10] ~= '' then
  local hold = cjson.decode(ARGV[10])
  local which = { held = KEYS[14], approved = KEYS[15], rejected = KEYS[16] }
  for _, name in ipairs(hold.clear or {}) do redis.call('HDEL', which[name], scope_id) end
  if hold.set then
    -- What the scope would lose beyond what is held of it already, so that it is counted once however often it is found.
    if hold.set[1] == 'held' and keys.sync then
      local before = redis.call('HGET', KEYS[14], scope_id)
      local more = #cjson.decode(hold.set[2]).removals - (before and #cjson.decode(before).removals or 0)
      if more > 0 then redis.call('HINCRBY', KEYS[10], 'held', more) end
    end
    redis.call('HSET', which[hold.set[1]], scope_id, hold.set[2])
    if redis.call('SET', KEYS[13], hold.record, 'NX') then
      redis.call('ZADD', KEYS[17], hold.expiresMs, connection_id)
    end
  end
end

if next(appended) then redis.call('PUBLISH', ARGV[11], ARGV[12]) end
return { 'committed', cjson.encode(appended) }
