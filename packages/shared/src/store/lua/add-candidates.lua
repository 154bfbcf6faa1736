-- Puts addresses on the list of those that Bitbucket is to be asked about.
--
-- KEYS  1 state, 2 waiting, 3 misses, 4 confirmed
-- ARGV  1 `data` of the sealed data key that fingerprints and addresses were made with: what stays under another master
--       key, 2 how many may be waiting or missed, 3... pairs of fingerprint and sealed address
-- Reply {'added', how many were new} | {'full'} | {'erased'}: the data key is gone, and all that was made with it
--
-- Invariant: an address that waits is neither confirmed nor missed in the present epoch; nothing is put where there is no
-- key that opens it.
local sealed = redis.call('HGET', KEYS[1], 'key')
if not sealed or cjson.decode(sealed).data ~= ARGV[1] then return { 'erased' } end

local added = {}
for i = 3, #ARGV, 2 do
  local known = redis.call('HEXISTS', KEYS[2], ARGV[i]) == 1
    or redis.call('SISMEMBER', KEYS[3], ARGV[i]) == 1
    or redis.call('SISMEMBER', KEYS[4], ARGV[i]) == 1
  if not known then added[#added + 1] = i end
end
if #added > 0 and redis.call('HLEN', KEYS[2]) + redis.call('SCARD', KEYS[3]) + #added > tonumber(ARGV[2]) then
  return { 'full' }
end
local new = 0
for _, i in ipairs(added) do new = new + redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return { 'added', new }
