-- Prolongs a lease that is still ours (life > 0) or gives it back (life 0).
--
-- KEYS  1 lease
-- ARGV  1 fencing token or owner, 2 life in milliseconds
-- Reply 1 when it was ours, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('DEL', KEYS[1])
end
return 1
