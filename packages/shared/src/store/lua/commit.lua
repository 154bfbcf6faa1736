-- Commits a part of what changed in one scope: facts, shared entities and events together.
--
-- KEYS  1 lease, 2 scopes, 3 facts of the scope, 4 entities, 5 references, 6 sequence, 7 outbox number,
--       8 outbox, 9 sync
-- ARGV  1 fencing token, 2 connection id, 3 scope id, 4 version of the facts that the difference was
--       computed from, 5 what is known of the scope afterwards (JSON; 'remove' forgets the scope; '' leaves
--       it), 6 steps (JSON), 7 outbox channel, 8 shard
-- Reply {'committed'} | {'fenced'} | {'conflict', what}
--
-- A step may hold: expect {id, sha1 of the stored entity or ''}, set {{field, value}}, del {field},
-- put {id, entity}, hold id, release id, events {{name, text}}; and for what follows a release: gone {event}
-- when nothing mentions the entity any more, kept {put, events} when something still does.
--
-- Invariant: either every step is done or none. A token that is not the present one, facts of another
-- version, or an entity that is not the expected one, change nothing.
local keys = { sequence = KEYS[6], outbox_number = KEYS[7], outbox = KEYS[8], sync = KEYS[9] }
local connection_id, scope_id, version = ARGV[2], ARGV[3], ARGV[4]

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
if (redis.call('HGET', KEYS[3], '.version') or '0') ~= version then return { 'conflict', scope_id } end

local steps = cjson.decode(ARGV[6])
for _, step in ipairs(steps) do
  if step.expect then
    local entity = redis.call('HGET', KEYS[4], step.expect[1])
    local found = entity and redis.sha1hex(entity) or ''
    if found ~= step.expect[2] then return { 'conflict', step.expect[1] } end
  end
end

local appended = false
local function append_all(events)
  for _, event in ipairs(events or {}) do
    append(keys, connection_id, event)
    appended = true
  end
end

local function put(entity)
  if entity then redis.call('HSET', KEYS[4], entity[1], entity[2]) end
end

local function release(step)
  local left = redis.call('HINCRBY', KEYS[5], step.release, -1)
  if left <= 0 then
    redis.call('HDEL', KEYS[5], step.release)
    redis.call('HDEL', KEYS[4], step.release)
    append_all(step.gone)
  elseif step.kept then
    put(step.kept.put)
    append_all(step.kept.events)
  end
end

for _, step in ipairs(steps) do
  for _, pair in ipairs(step.set or {}) do redis.call('HSET', KEYS[3], pair[1], pair[2]) end
  for _, field in ipairs(step.del or {}) do redis.call('HDEL', KEYS[3], field) end
  put(step.put)
  if step.hold then redis.call('HINCRBY', KEYS[5], step.hold, 1) end
  append_all(step.events)
  if step.release then release(step) end
end

if ARGV[5] == 'remove' then
  redis.call('DEL', KEYS[3])
  redis.call('HDEL', KEYS[2], scope_id)
else
  if #steps > 0 then redis.call('HINCRBY', KEYS[3], '.version', 1) end
  if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], scope_id, ARGV[5]) end
end

if appended then redis.call('PUBLISH', ARGV[7], ARGV[8]) end
return { 'committed' }
