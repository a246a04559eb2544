import { createHmac, randomBytes } from 'node:crypto'

/** Lets so many requests a minute pass from one address. */
export interface RateLimit {
  /** Seconds to wait; `0` lets the request pass. */
  take(address: string): number
}

/**
 * A bucket for each address, in memory. Addresses are kept as hashes under a key that lives as
 * long as the process, and forgotten after a minute of rest: it is a list of nobody.
 *
 * @param options `perMinute`: requests; `limit`: addresses at most, above it the oldest goes
 */
export function createRateLimit(options: {
  readonly perMinute: number
  readonly limit?: number
  readonly now?: () => number
}): RateLimit {
  const { perMinute, limit = 20_000, now = () => Date.now() } = options
  const key = randomBytes(32)
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take: (address) => {
      const at = now()
      const id = createHmac('sha256', key).update(address).digest('base64url').slice(0, 22)
      const found = buckets.get(id)
      const left = Math.min(
        perMinute,
        found === undefined ? perMinute : found.left + ((at - found.at) * perMinute) / 60_000,
      )
      buckets.delete(id)
      // The map is in the order of last use; what has rested for a minute is full again anyway.
      for (const [each, bucket] of buckets) {
        if (buckets.size < limit && at - bucket.at < 60_000) break
        buckets.delete(each)
      }
      if (left < 1) {
        buckets.set(id, { left, at })
        return Math.max(1, Math.ceil(((1 - left) * 60) / perMinute))
      }
      buckets.set(id, { left: left - 1, at })
      return 0
    },
  }
}
