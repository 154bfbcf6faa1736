-- Replaces the value of a hash's field, or removes the field, if it is still as the caller has read it.
--
-- KEYS  1 hash
-- ARGV  1 field, 2 value that was read, 3 value to be put in its place; absent when the field is to be removed
-- Reply 1 | 0: it is another one by now, or gone
-- Invariant: nothing that somebody else has written meanwhile is lost, and nothing comes back that was removed.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) else redis.call('HDEL', KEYS[1], ARGV[1]) end
return 1
