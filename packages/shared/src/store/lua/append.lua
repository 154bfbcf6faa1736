-- What every script begins with that appends events and audit records. Its last key says whether the shard is being restored,
-- the one before it which audit records were appended of late.
if redis.call('EXISTS', KEYS[#KEYS]) == 1 then return redis.error_reply('FROZEN the shard is being restored') end

-- Appends an audit record {name, text, tenant id, id}. It has no place in the sequence of a connection, and is counted nowhere.
-- Invariant: a record that comes again, since the answer to the first time was lost, is appended once.
local audited_for_seconds = 86400

local function append_audit(keys, record)
  local now = tonumber(redis.call('TIME')[1])
  if redis.call('ZADD', KEYS[#KEYS - 1], 'NX', now, record[4]) == 0 then return end
  redis.call('ZREMRANGEBYSCORE', KEYS[#KEYS - 1], '-inf', now - audited_for_seconds)
  local number = redis.call('INCR', keys.outbox_number)
  redis.call('XADD', keys.outbox, string.format('%.0f-0', number), 'tenant', record[3], 'audit', record[2])
end

-- Appends one event {name, text} to the shard's outbox, with the next number of the connection's sequence, and
-- counts it: in the sync that it came from, and in the totals of what there is.
-- Invariant: sequence and outbox number rise by exactly one per event, in the same step as the facts
-- that the event tells of; so neither ever has a gap, and the totals are what the events add up to.
local tells = {
  ['service-user.created'] = { 'serviceUsers', 1 },
  ['service-user.removed'] = { 'serviceUsers', -1 },
  ['entitlement.created'] = { 'entitlements', 1 },
  ['entitlement.removed'] = { 'entitlements', -1 },
  ['service-user-entitlement.granted'] = { 'grants', 1 },
  ['service-user-entitlement.revoked'] = { 'grants', -1 },
  ['entitlement-nesting.added'] = { 'nestings', 1 },
  ['entitlement-nesting.removed'] = { 'nestings', -1 },
}

local function append(keys, connection_id, event)
  if event[1] == 'audit.recorded' then return append_audit(keys, event) end
  local sequence = redis.call('INCR', keys.sequence)
  local number = redis.call('INCR', keys.outbox_number)
  redis.call('XADD', keys.outbox, string.format('%.0f-0', number),
    'connection', connection_id, 'sequence', string.format('%.0f', sequence), 'event', event[2])
  if keys.sync then redis.call('HINCRBY', keys.sync, 'events:' .. event[1], 1) end
  local tell = tells[event[1]]
  if tell and keys.totals then redis.call('HINCRBY', keys.totals, tell[1], tell[2]) end
end
