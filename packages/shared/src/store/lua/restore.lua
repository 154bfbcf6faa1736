-- Writes a part of what Redis has lost of a shard. Only one restores at a time: whoever began last.
--
-- KEYS  1 frozen, 2... keys to be written
-- ARGV  1 token of the restorer, 2 commands {{name, index of its key among those, arguments...}} (JSON)
-- Reply {'restored'} | {'fenced'}
-- Invariant: the commands are done together, and only while the shard is frozen for this restorer.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'fenced' } end
for _, command in ipairs(cjson.decode(ARGV[2])) do
  redis.call(command[1], KEYS[command[2] + 1], unpack(command, 3))
end
return { 'restored' }
