-- Says that a publisher is alive, and answers how many are.
--
-- KEYS  1 publishers, by until when each counts as alive
-- ARGV  1 the publisher, 2 for how many milliseconds it counts from now on; 0 leaves
-- Reply how many are alive
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[2] == '0' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
end
return redis.call('ZCARD', KEYS[1])
