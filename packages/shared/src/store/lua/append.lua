-- Appends one event {name, text} to the shard's outbox, with the next number of the connection's sequence, and
-- counts it in the sync that it came from.
-- Invariant: sequence and outbox number rise by exactly one per event, in the same step as the facts
-- that the event tells of; so neither ever has a gap.
local function append(keys, connection_id, event)
  local sequence = redis.call('INCR', keys.sequence)
  local number = redis.call('INCR', keys.outbox_number)
  redis.call('XADD', keys.outbox, string.format('%.0f-0', number),
    'connection', connection_id, 'sequence', string.format('%.0f', sequence), 'event', event[2])
  redis.call('HINCRBY', keys.sync, 'events:' .. event[1], 1)
end
