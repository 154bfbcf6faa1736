-- Lists a new key of a tenant.
--
-- KEYS  1 keys of the tenant: id -> record
-- ARGV  1 id, 2 record (JSON), 3 name, 4 now (ISO 8601), 5 how many there may be
-- Reply 'added' | 'name-taken' | 'too-many'
-- Invariant: of the keys that have not expired, no more than two share a name. A repeated call finds itself and changes nothing.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 'added' end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return 'too-many' end
local living = 0
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local key = cjson.decode(text)
  -- Instants of one form compare as text.
  local expired = key.expiresAt ~= cjson.null and key.expiresAt <= ARGV[4]
  if key.name == ARGV[3] and not expired then living = living + 1 end
end
if living >= 2 then return 'name-taken' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'added'
