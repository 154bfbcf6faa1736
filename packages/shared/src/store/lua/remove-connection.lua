-- Tells the end of a connection, of which nothing else is left to be told.
--
-- KEYS  1 lease, 2 connection, 3 sequence, 4 outbox number, 5 outbox
-- ARGV  1 fencing token, 2 connection id, 3 event {name, text} (JSON), 4 outbox channel, 5 shard
-- Reply {'told'} | {'fenced'}
-- Invariant: the end is told once; whoever dies before all keys are removed finds that it was.
local keys = { sequence = KEYS[3], outbox_number = KEYS[4], outbox = KEYS[5] }
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
if redis.call('HSETNX', KEYS[2], 'ended', '1') == 1 then
  append(keys, ARGV[2], cjson.decode(ARGV[3]))
  redis.call('PUBLISH', ARGV[4], ARGV[5])
end
return { 'told' }
