-- Records that a sync is asked for, and with it, where one is given, a new connection.
--
-- KEYS  1 connection, 2 sequence, 3 outbox number, 4 outbox, 5 sync, 6 open syncs
-- ARGV  1 connection id, 2 sync id, 3 sync (JSON), 4 events (JSON), 5 connection (JSON or ''),
--       6 sealed credential (or ''), 7 outbox channel, 8 shard
-- Reply {'requested', sync id} | {'joined', sync id} | {'exists'} | {'missing'}
--
-- Invariant: a connection has at most one sync that is not finished, and a connection that exists has a
-- sync: there is no moment in which one is saved without the other.
local keys = { sequence = KEYS[2], outbox_number = KEYS[3], outbox = KEYS[4], sync = KEYS[5] }
local connection_id, sync_id = ARGV[1], ARGV[2]

local exists = redis.call('EXISTS', KEYS[1]) == 1
if ARGV[5] ~= '' then
  if exists then return { 'exists' } end
  redis.call('HSET', KEYS[1], 'record', ARGV[5], 'credential', ARGV[6])
else
  if not exists then return { 'missing' } end
  local open = redis.call('HGET', KEYS[1], 'openSync')
  if open then return { 'joined', open } end
end

redis.call('HSET', KEYS[1], 'latestSync', sync_id, 'openSync', sync_id)
redis.call('HSET', KEYS[5], 'record', ARGV[3], 'state', 'requested')
redis.call('SADD', KEYS[6], connection_id .. '/' .. sync_id)
for _, event in ipairs(cjson.decode(ARGV[4])) do append(keys, connection_id, event) end
redis.call('PUBLISH', ARGV[7], ARGV[8])
return { 'requested', sync_id }
