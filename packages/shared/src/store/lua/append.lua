-- What every script begins with that appends events; its last key says whether the shard is being restored.
if redis.call('EXISTS', KEYS[#KEYS]) == 1 then return redis.error_reply('FROZEN the shard is being restored') end

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
  local sequence = redis.call('INCR', keys.sequence)
  local number = redis.call('INCR', keys.outbox_number)
  redis.call('XADD', keys.outbox, string.format('%.0f-0', number),
    'connection', connection_id, 'sequence', string.format('%.0f', sequence), 'event', event[2])
  if keys.sync then redis.call('HINCRBY', keys.sync, 'events:' .. event[1], 1) end
  local tell = tells[event[1]]
  if tell and keys.totals then redis.call('HINCRBY', keys.totals, tell[1], tell[2]) end
end
