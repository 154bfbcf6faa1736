-- Appends audit records that are about no connection, or are told by themselves.
--
-- KEYS  1 outbox number, 2 outbox
-- ARGV  1 records {{name, text, tenant id, id}} (JSON), 2 outbox channel, 3 shard
-- Reply 'appended'
local keys = { outbox_number = KEYS[1], outbox = KEYS[2] }
for _, record in ipairs(cjson.decode(ARGV[1])) do append_audit(keys, record) end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 'appended'
