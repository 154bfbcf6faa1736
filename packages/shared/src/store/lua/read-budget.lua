-- Reads what counts of a credential's rolling window. It takes nothing and changes nothing.
--
-- KEYS  1 state, 2 leases, 3 sizes, as in take-budget.lua
-- ARGV  1 now in ms, which tests alone give; else empty
-- Reply {now in ms, until when nothing is given out, size of a lease, until when it counts, size of the next one, ...}
-- All of it texts, as Redis keeps them.
local time = redis.call('TIME')
local now = tonumber(ARGV[1]) or (time[1] * 1000 + math.floor(time[2] / 1000))
local reply = { string.format('%.0f', now), redis.call('HGET', KEYS[1], 'refusedUntil') or '0' }
local leases = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for at = 1, #leases, 2 do
  reply[#reply + 1] = redis.call('HGET', KEYS[3], leases[at]) or '0'
  reply[#reply + 1] = leases[at + 1]
end
return reply
