/**
 * Keeps texts for minutes, for all replicas of a verifier together: requests that a wallet fetches,
 * and responses until the browser session that began comes for them. A response is encrypted to a
 * key that is not in the store, so what lies here says nothing about anybody.
 */
export interface ResponseStore {
  /**
   * Keeps a text under an id until `expires`. `false`, and nothing changes, where something was
   * put under this id before and has not expired, even if it was taken since: of several at once
   * one is first, on whatever replica.
   */
  put(id: string, text: string, expires: Date): Promise<boolean>
  /** The text, any number of times; `undefined` where there is none, it was taken or has expired. */
  get(id: string): Promise<string | undefined>
  /**
   * The text for one caller alone, on whatever replica; afterwards it is gone. The id stays taken
   * until it expires.
   */
  take(id: string): Promise<string | undefined>
}

/**
 * A {@link ResponseStore} in memory: for one process, and for tests. Replicas need one that they
 * share.
 *
 * @param options `limit`: entries at most, 100 000 when left out; above it `put` refuses
 */
export function memoryResponses(
  options: { readonly now?: () => Date; readonly limit?: number } = {},
): ResponseStore {
  const { now = () => new Date(), limit = 100_000 } = options
  const entries = new Map<string, { text: string | undefined; readonly end: number }>()
  let swept = 0
  /** The entry that has not expired; expired ones are swept once a second at most. */
  const alive = (id: string): { text: string | undefined } | undefined => {
    const at = now().getTime()
    if (at - swept >= 1000 || at < swept) {
      swept = at
      for (const [each, { end }] of entries) if (end <= at) entries.delete(each)
    }
    const entry = entries.get(id)
    return entry !== undefined && entry.end > at ? entry : undefined
  }
  return {
    put: async (id, text, expires) => {
      if (alive(id) !== undefined || entries.size >= limit) return false
      if (!(expires.getTime() > now().getTime())) return false
      entries.set(id, { text, end: expires.getTime() })
      return true
    },
    get: async (id) => alive(id)?.text,
    take: async (id) => {
      const entry = alive(id)
      const text = entry?.text
      if (entry !== undefined) entry.text = undefined
      return text
    },
  }
}
