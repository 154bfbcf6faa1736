-- Notes projects or repositories that are new: what they are, before anything is known of who holds what on them.
--
-- KEYS  1 lease, 2 resources
-- ARGV  1 fencing token, 2 resources {{scope id, text}} (JSON)
-- Reply {'learned'} | {'fenced'}
-- Invariant: what is known already stays as it is, for a change of it is told.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
for _, row in ipairs(cjson.decode(ARGV[2])) do redis.call('HSETNX', KEYS[2], row[1], row[2]) end
return { 'learned' }
