-- Gives out nothing of a credential for a while; an earlier refusal that lasts longer stands.
--
-- KEYS  1 state, as in take-budget.lua
-- ARGV  1 how long in ms, 2 how long the key is kept in ms, 3 now in ms, which tests alone give; else empty
local time = redis.call('TIME')
local now = tonumber(ARGV[3]) or (time[1] * 1000 + math.floor(time[2] / 1000))
local before = tonumber(redis.call('HGET', KEYS[1], 'refusedUntil') or '0')
redis.call('HSET', KEYS[1], 'refusedUntil', string.format('%.0f', math.max(before, now + math.ceil(tonumber(ARGV[1])))))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
