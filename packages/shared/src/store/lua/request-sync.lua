-- Records that a sync is asked for, and with it, where one is given, a new connection.
--
-- KEYS  1 connection, 2 open syncs of the connection, 3 sequence, 4 outbox number, 5 outbox, 6 sync, 7 open syncs of the shard
-- ARGV  1 connection id, 2 sync id, 3 sync (JSON; '' when an open one is to read more scopes), 4 its scopes (JSON or ''),
--       5 events (JSON), 6 connection (JSON or ''), 7 sealed credentials (or ''), 8 open syncs that the caller decided
--       by, joined by commas, 9 outbox channel, 10 shard
-- Reply {'requested'} | {'extended'} | {'exists'} | {'missing'} | {'paused'} | {'conflict'}
--
-- Invariant: a connection that exists has a sync: there is no moment in which one is saved without the other. What is
-- decided by the open syncs is done only while they are the same, and a sync that has begun is given no more scopes. Nothing
-- is asked for of a connection that is paused.
local keys = { sequence = KEYS[3], outbox_number = KEYS[4], outbox = KEYS[5], sync = KEYS[6] }
local connection_id, sync_id = ARGV[1], ARGV[2]

local exists = redis.call('EXISTS', KEYS[1]) == 1
if ARGV[6] ~= '' then
  if exists then return { 'exists' } end
  redis.call('HSET', KEYS[1], 'record', ARGV[6], 'credential', ARGV[7])
elseif not exists then
  return { 'missing' }
elseif redis.call('HEXISTS', KEYS[1], 'paused') == 1 then
  return { 'paused' }
end
if table.concat(redis.call('LRANGE', KEYS[2], 0, -1), ',') ~= ARGV[8] then return { 'conflict' } end

if ARGV[3] == '' then
  if redis.call('HGET', KEYS[6], 'state') ~= 'requested' then return { 'conflict' } end
  redis.call('HSET', KEYS[6], 'scopes', ARGV[4])
  return { 'extended' }
end

redis.call('HSET', KEYS[1], 'latestSync', sync_id)
redis.call('RPUSH', KEYS[2], sync_id)
redis.call('HSET', KEYS[6], 'record', ARGV[3], 'state', 'requested')
if ARGV[4] ~= '' then redis.call('HSET', KEYS[6], 'scopes', ARGV[4]) end
redis.call('SADD', KEYS[7], connection_id .. '/' .. sync_id)
for _, event in ipairs(cjson.decode(ARGV[5])) do append(keys, connection_id, event) end
redis.call('PUBLISH', ARGV[9], ARGV[10])
return { 'requested' }
