-- Leases some requests of a credential's rolling window. A lease counts whole until the window has passed since its end,
-- so that no window ever holds more requests than its limit, whatever becomes of whoever took it.
--
-- KEYS  1 state (hash: used, refusedUntil), 2 leases (sorted set: id by when it no longer counts), 3 sizes (hash by id)
-- ARGV  1 lease id, 2 wanted, 3 ceiling (the limit, or less for who has to leave some), 4 life of the lease in ms,
--       5 window in ms, 6 now in ms, which tests alone give; else empty, 7 how many are of use at least
-- Reply {granted, how long in ms: the lease lives, or there is nothing to be had}
-- A lease id that is known already gets the same answer again: the first one may have been lost.
local time = redis.call('TIME')
local now = tonumber(ARGV[6]) or (time[1] * 1000 + math.floor(time[2] / 1000))
local life, window, ceiling = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[3])

local known = redis.call('HGET', KEYS[3], ARGV[1])
if known then return { tonumber(known), math.max(0, tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1])) - window - now) } end

local used = tonumber(redis.call('HGET', KEYS[1], 'used') or '0')
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  used = used - tonumber(redis.call('HGET', KEYS[3], id))
  redis.call('HDEL', KEYS[3], id)
  redis.call('ZREM', KEYS[2], id)
end
redis.call('HSET', KEYS[1], 'used', used)

local refusedUntil = tonumber(redis.call('HGET', KEYS[1], 'refusedUntil') or '0')
if refusedUntil > now then return { 0, refusedUntil - now } end

local granted = math.min(tonumber(ARGV[2]), ceiling - used)
local least = math.max(1, math.min(tonumber(ARGV[7]), tonumber(ARGV[2]), ceiling))
if granted < least then
  -- There is room again when so many of the oldest no longer count that what is wanted is below the ceiling.
  local left = used
  local oldest = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
  for at = 1, #oldest, 2 do
    left = left - tonumber(redis.call('HGET', KEYS[3], oldest[at]))
    if left + least <= ceiling then return { 0, tonumber(oldest[at + 1]) - now } end
  end
  -- A ceiling below one leaves nothing to wait for.
  return { 0, window }
end

redis.call('HSET', KEYS[1], 'used', used + granted)
redis.call('HSET', KEYS[3], ARGV[1], granted)
redis.call('ZADD', KEYS[2], now + life + window, ARGV[1])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 2 * window + life) end
return { granted, life }
