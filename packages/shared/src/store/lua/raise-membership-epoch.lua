-- Begins a new membership epoch: somebody new has come, so an address that was nobody's may be somebody's now.
--
-- KEYS  1 state, 2 misses
-- Reply the new epoch
--
-- Invariant: the misses are those of the present epoch.
redis.call('UNLINK', KEYS[2])
return redis.call('HINCRBY', KEYS[1], 'epoch', 1)
