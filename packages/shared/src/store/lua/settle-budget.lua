-- Ends a lease: what was not used of it is free again, and what was counts for the window from now on.
--
-- KEYS  1 state, 2 leases, 3 sizes, as in take-budget.lua
-- ARGV  1 lease id, 2 used of it, 3 window in ms, 4 now in ms, which tests alone give; else empty
-- Reply 1, or 0 when the lease counts no longer or was never known
local time = redis.call('TIME')
local now = tonumber(ARGV[4]) or (time[1] * 1000 + math.floor(time[2] / 1000))
local size = tonumber(redis.call('HGET', KEYS[3], ARGV[1]))
if not size then return 0 end
local used = math.min(size, tonumber(ARGV[2]))
redis.call('HINCRBY', KEYS[1], 'used', used - size)
if used == 0 then
  redis.call('HDEL', KEYS[3], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 1
end
redis.call('HSET', KEYS[3], ARGV[1], used)
-- Never later than it would have been: a lease that is settled after its end was not used after it.
redis.call('ZADD', KEYS[2], 'LT', now + tonumber(ARGV[3]), ARGV[1])
return 1
