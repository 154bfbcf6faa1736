-- Replaces the value of a hash's field, if it is still the one that the caller has read.
--
-- KEYS  1 hash
-- ARGV  1 field, 2 value that was read, 3 value to be put in its place
-- Reply 1 | 0: it is another one by now, or gone
-- Invariant: nothing that somebody else has written meanwhile is lost, and nothing comes back that was removed.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
