-- Changes what is kept of a connection, with the events that tell of it.
--
-- KEYS  1 connection, 2 sequence, 3 outbox number, 4 outbox, 5 connections of the shard that sync by themselves,
--       6 connections of the shard that are being removed
-- ARGV  1 connection id, 2 fields to set {{field, value}} (JSON), 3 whether it syncs by itself ('1', '0', '' as before),
--       4 '1' when it is to be removed, 5 since when it is paused ('0' when it goes on, '' as before), 6 events (JSON),
--       7 outbox channel, 8 shard
-- Reply {'changed', sequence of the last event} | {'missing'}
-- Invariant: what is changed is told, and what is told is so. Nothing is changed of what is being removed. A pause begins
-- once and ends once: what would do it again does nothing at all.
local keys = { sequence = KEYS[2], outbox_number = KEYS[3], outbox = KEYS[4] }
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('SISMEMBER', KEYS[6], ARGV[1]) == 1 then return { 'missing' } end
if ARGV[5] ~= '' then
  local was = redis.call('HEXISTS', KEYS[1], 'paused') == 1
  if was == (ARGV[5] ~= '0') then return { 'changed', redis.call('GET', KEYS[2]) or '0' } end
  if was then
    redis.call('HDEL', KEYS[1], 'paused')
  else
    redis.call('HSET', KEYS[1], 'paused', ARGV[5])
  end
end
for _, field in ipairs(cjson.decode(ARGV[2])) do redis.call('HSET', KEYS[1], field[1], field[2]) end
if ARGV[3] == '1' then redis.call('SADD', KEYS[5], ARGV[1]) end
if ARGV[3] == '0' then redis.call('SREM', KEYS[5], ARGV[1]) end
if ARGV[4] == '1' then redis.call('SADD', KEYS[6], ARGV[1]) end
for _, event in ipairs(cjson.decode(ARGV[6])) do append(keys, ARGV[1], event) end
redis.call('PUBLISH', ARGV[7], ARGV[8])
return { 'changed', redis.call('GET', KEYS[2]) or '0' }
