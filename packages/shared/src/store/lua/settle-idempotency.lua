-- Ends a claim: keeps the answer, or forgets the key.
--
-- KEYS  1 the key
-- ARGV  1 token, 2 sealed answer ('' forgets the key), 3 seconds that it is kept
-- Reply 1 | 0 when the key is another claim's by now
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'answer', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return 1
