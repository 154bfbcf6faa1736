-- Takes a free lease with a fencing token that is higher than every one before.
--
-- KEYS  1 lease, 2 fence
-- ARGV  1 life in milliseconds
-- Reply token | false when somebody holds it
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local token = string.format('%.0f', redis.call('INCR', KEYS[2]))
redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
return token
