-- Takes addresses that Bitbucket was asked about from the list, and keeps what it said.
--
-- KEYS  1 state, 2 waiting, 3 misses, 4 confirmed, 5 hits
-- ARGV  1 the membership epoch in which they were taken, 2 how many misses, then as many fingerprints, then triples of
--       fingerprint, service user id and sealed address
-- Reply how many were still waiting
--
-- Invariant: an address is settled once; what waits no longer (settled before, or erased) leaves nothing behind. A
-- confirmed fingerprint and the hit that names it are there together. A miss of a past epoch is not kept: somebody has
-- come since.
local count = tonumber(ARGV[2])
local is_present = (redis.call('HGET', KEYS[1], 'epoch') or '0') == ARGV[1]
local settled = 0

for i = 3, 2 + count do
  if redis.call('HDEL', KEYS[2], ARGV[i]) == 1 then
    settled = settled + 1
    if is_present then redis.call('SADD', KEYS[3], ARGV[i]) end
  end
end
for i = 3 + count, #ARGV, 3 do
  local fingerprint, user = ARGV[i], ARGV[i + 1]
  if redis.call('HDEL', KEYS[2], fingerprint) == 1 then
    settled = settled + 1
    local former = redis.call('HGET', KEYS[5], user)
    if former then redis.call('SREM', KEYS[4], string.match(former, '^[^:]+')) end
    redis.call('SADD', KEYS[4], fingerprint)
    redis.call('HSET', KEYS[5], user, fingerprint .. ':' .. ARGV[i + 2])
  end
end
if settled > 0 then redis.call('HSET', KEYS[1], 'askedEpoch', ARGV[1]) end
return settled
