-- Writes how far a sync is, for whoever works on it.
--
-- KEYS  1 lease, 2 sync
-- ARGV  1 fencing token, 2 fields {{field, value}} (JSON)
-- Reply {'saved', '1' when the sync is to be cancelled} | {'fenced'}
-- Invariant: one whose lease is gone does not say where another one goes on.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
for _, field in ipairs(cjson.decode(ARGV[2])) do redis.call('HSET', KEYS[2], field[1], field[2]) end
return { 'saved', redis.call('HGET', KEYS[2], 'cancel') or '0' }
