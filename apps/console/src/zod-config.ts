import { z } from 'zod'

// Without this zod tries whether it may compile its schemas, which the policy of the page forbids and the browser reports.
z.config({ jitless: true })
