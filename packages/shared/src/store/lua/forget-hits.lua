-- Forgets the addresses of service users; each may be asked about again.
--
-- KEYS  1 confirmed, 2 hits
-- ARGV  service user ids
-- Reply how many had one
--
-- Invariant: a confirmed fingerprint and the hit that names it go together.
local forgotten = 0
for _, user in ipairs(ARGV) do
  local hit = redis.call('HGET', KEYS[2], user)
  if hit then
    redis.call('SREM', KEYS[1], string.match(hit, '^[^:]+'))
    redis.call('HDEL', KEYS[2], user)
    forgotten = forgotten + 1
  end
end
return forgotten
