-- Notes that entries of a shard are in Kafka, and forgets them.
--
-- KEYS  1 outbox, 2 number of the last entry that is known to be in Kafka
-- ARGV  1 that number as the caller knows it ('' for none), 2 that number from now on, 3 SHA-1 of the text of that entry, '' when
--       the caller cannot tell
-- Reply 1 | 0 when Redis knows another number, or has not that entry
-- Invariant: nothing is forgotten by one who has not seen what is there.
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
local id = ARGV[2] .. '-0'
local last = redis.call('XRANGE', KEYS[1], id, id)[1]
if not last then return 0 end
if ARGV[3] ~= '' and redis.sha1hex(table.concat(last[2], '\n')) ~= ARGV[3] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f', tonumber(ARGV[2]) + 1) .. '-0')
return 1
