import type { ReplayStore } from '@asoba/core'

/**
 * Remembers in memory which requests were answered, until they expire: for one process.
 * Replicas need a store that they share, or each of them accepts the answer once.
 */
export function memoryReplay(options: { readonly now?: () => Date } = {}): ReplayStore {
  const { now = () => new Date() } = options
  const used = new Map<string, number>()
  let swept = 0
  return {
    firstUse: async (id, expires) => {
      const at = now().getTime()
      // Sweeping at most once a second keeps a claim cheap, and memory is bounded by what is alive.
      if (at - swept >= 1000 || at < swept) {
        swept = at
        for (const [each, end] of used) if (end <= at) used.delete(each)
      }
      if (used.has(id)) return false
      used.set(id, expires.getTime())
      return true
    },
  }
}
