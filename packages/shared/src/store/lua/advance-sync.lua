-- Moves a sync from one state to the next, with the events that tell of it.
--
-- KEYS  1 lease, 2 open syncs of the connection, 3 sequence, 4 outbox number, 5 outbox, 6 sync, 7 open syncs of the shard,
--       8 connection, 9 evidence of the sync
-- ARGV  1 fencing token; '' for a sync that nobody has begun, 2 connection id, 3 sync id, 4 state it must be in, 5 state it
--       goes to, 6 fields to set (JSON), 7 events (JSON), 8 seconds to keep it when it is finished with that, else 0,
--       9 outbox channel, 10 shard, 11 what is wrong with the connection from now on (JSON; 'nothing'; '' as before),
--       12 evidence to be kept as long as the sync ('' for none), 13 when all of the connection was last synced, from now on ('' as
--       before)
-- Reply {'advanced'} | {'fenced'} | {'conflict', present state}
--
-- Invariant: each transition happens once, and its events are appended with it.
local keys = { sequence = KEYS[3], outbox_number = KEYS[4], outbox = KEYS[5], sync = KEYS[6] }
local connection_id, sync_id = ARGV[2], ARGV[3]

if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
local state = redis.call('HGET', KEYS[6], 'state')
if state ~= ARGV[4] then return { 'conflict', state or '' } end

redis.call('HSET', KEYS[6], 'state', ARGV[5])
for field, value in pairs(cjson.decode(ARGV[6])) do redis.call('HSET', KEYS[6], field, value) end
for _, event in ipairs(cjson.decode(ARGV[7])) do append(keys, connection_id, event) end
if ARGV[11] == 'nothing' then
  redis.call('HDEL', KEYS[8], 'degraded')
elseif ARGV[11] ~= '' then
  redis.call('HSET', KEYS[8], 'degraded', ARGV[11])
end
if ARGV[13] ~= '' then redis.call('HSET', KEYS[8], 'completedAt', ARGV[13]) end
if ARGV[8] ~= '0' then
  redis.call('EXPIRE', KEYS[6], ARGV[8])
  if ARGV[12] ~= '' then redis.call('SET', KEYS[9], ARGV[12], 'EX', ARGV[8]) end
  redis.call('LREM', KEYS[2], 0, sync_id)
  redis.call('SREM', KEYS[7], connection_id .. '/' .. sync_id)
end
redis.call('PUBLISH', ARGV[9], ARGV[10])
return { 'advanced' }
