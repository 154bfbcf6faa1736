-- Changes what is held of a connection, with the events that tell of it.
--
-- KEYS  1 hold, 2 held, 3 approved, 4 rejected, 5 holds of the shard, 6 releases of the shard, 7 removals by hour,
--       8 sequence, 9 outbox number, 10 outbox
-- ARGV  1 hold that the caller knows (JSON), 2 moves {{scope, sha1 of the held entry, sha1 of the approved entry, held,
--       approved, rejected}} (JSON): the last three as they are afterwards, '' for none, false to leave, 3 hold
--       afterwards (JSON; '' leaves it), 4 events (JSON), 5 '1' when the removals of the day are forgiven, 6 connection id,
--       7 outbox channel, 8 shard
-- Reply {'changed'} | {'conflict'}
--
-- Invariant: all moves are made or none; a hold with nothing held ends here.
local keys = { sequence = KEYS[8], outbox_number = KEYS[9], outbox = KEYS[10] }
local connection_id = ARGV[6]

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'conflict' } end
local moves = cjson.decode(ARGV[2])
local function sha(key, field)
  local entry = redis.call('HGET', key, field)
  return entry and redis.sha1hex(entry) or ''
end
for _, move in ipairs(moves) do
  if sha(KEYS[2], move[1]) ~= move[2] or sha(KEYS[3], move[1]) ~= move[3] then return { 'conflict' } end
end

local function store(key, field, entry)
  if entry == '' then
    redis.call('HDEL', key, field)
  elseif entry then
    redis.call('HSET', key, field, entry)
  end
end
for _, move in ipairs(moves) do
  store(KEYS[2], move[1], move[4])
  store(KEYS[3], move[1], move[5])
  store(KEYS[4], move[1], move[6])
end
if redis.call('EXISTS', KEYS[3]) == 1 then redis.call('SADD', KEYS[6], connection_id) end
if ARGV[5] == '1' then redis.call('DEL', KEYS[7]) end
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[5], connection_id)
elseif ARGV[3] ~= '' then
  redis.call('SET', KEYS[1], ARGV[3])
end
for _, event in ipairs(cjson.decode(ARGV[4])) do append(keys, connection_id, event) end
redis.call('PUBLISH', ARGV[7], ARGV[8])
return { 'changed' }
