-- Claims a key that makes a request repeatable.
--
-- KEYS  1 the key: token of who claimed it, fingerprint of the request, and its sealed answer once there is one
-- ARGV  1 token, 2 fingerprint, 3 seconds that a claim lasts without an answer
-- Reply {} when it is claimed by this token | {fingerprint, sealed answer or ''}
-- Invariant: one claim at a time; a repeated call of the same claim finds itself.
local token = redis.call('HGET', KEYS[1], 'token')
if token and token ~= ARGV[1] then
  return { redis.call('HGET', KEYS[1], 'fingerprint'), redis.call('HGET', KEYS[1], 'answer') or '' }
end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fingerprint', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return {}
