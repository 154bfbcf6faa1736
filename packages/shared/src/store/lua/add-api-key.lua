-- Lists a new key of a tenant.
--
-- KEYS  1 keys of the tenant: id -> record, 2 when they were last used: id -> time
-- ARGV  1 id, 2 record (JSON), 3 name, 4 now (ISO 8601), 5 how many of its kind there may be, 6 '1' when it is of a session
-- Reply 'added' | 'name-taken' | 'too-many'
-- Invariant: of the keys that have not expired, no more than two share a name, those of sessions aside. Keys of sessions that have
-- expired are forgotten. A repeated call finds itself and changes nothing.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 'added' end
local is_session = ARGV[6] == '1'
local of_its_kind, of_its_name = 0, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local key = cjson.decode(all[i + 1])
  -- Instants of one form compare as text.
  local expired = key.expiresAt ~= cjson.null and key.expiresAt <= ARGV[4]
  if key.session and expired then
    redis.call('HDEL', KEYS[1], all[i])
    redis.call('HDEL', KEYS[2], all[i])
  elseif (key.session == true) == is_session then
    of_its_kind = of_its_kind + 1
    if key.name == ARGV[3] and not expired then of_its_name = of_its_name + 1 end
  end
end
if of_its_kind >= tonumber(ARGV[5]) then return 'too-many' end
if not is_session and of_its_name >= 2 then return 'name-taken' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'added'
