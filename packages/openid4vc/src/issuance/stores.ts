/**
 * Keeps for minutes what an issuer hands out and cannot seal into what it hands out: how often a
 * pre-authorised code was tried, offers that a wallet fetches, and that something ended before its
 * time. Ids are hashes and texts are encrypted to the code or link that the store never sees, so
 * what lies here says nothing about anybody. Everything else that an issuer must remember is a mark in a `ReplayStore`.
 */
export interface OfferStore {
  /**
   * Keeps a text under an id until `expires`, with so many attempts. `false`, and nothing changes,
   * where something was put under this id before and has not expired, even if it is spent.
   */
  put(
    id: string,
    text: string,
    options: { readonly expires: Date; readonly attempts: number },
  ): Promise<boolean>
  /** The text, any number of times and not counted; `undefined` where there is none, it is spent or has expired. */
  get(id: string): Promise<string | undefined>
  /**
   * Counts one attempt and gives the text; `undefined` where there is none, it has expired, was
   * taken, or all attempts were counted before. Of many at once, on whatever replica, no more get
   * it than there are attempts.
   */
  attempt(id: string): Promise<string | undefined>
  /** True for one caller alone, on whatever replica, and also after the last attempt; the text is gone afterwards. */
  take(id: string): Promise<boolean>
}

/**
 * An {@link OfferStore} in memory: for one process, and for tests. Replicas need one that they
 * share.
 *
 * @param options `limit`: entries at most, 100 000 when left out; above it `put` refuses
 */
export function memoryOffers(
  options: { readonly now?: () => Date; readonly limit?: number } = {},
): OfferStore {
  const { now = () => new Date(), limit = 100_000 } = options
  interface Entry {
    text: string | undefined
    left: number
    readonly end: number
  }
  const entries = new Map<string, Entry>()
  let swept = 0
  const alive = (id: string): Entry | undefined => {
    const at = now().getTime()
    if (at - swept >= 1000 || at < swept) {
      swept = at
      for (const [each, { end }] of entries) if (end <= at) entries.delete(each)
    }
    const entry = entries.get(id)
    return entry !== undefined && entry.end > at ? entry : undefined
  }
  return {
    put: async (id, text, { expires, attempts }) => {
      if (alive(id) !== undefined || entries.size >= limit) return false
      if (!(expires.getTime() > now().getTime())) return false
      entries.set(id, { text, left: attempts, end: expires.getTime() })
      return true
    },
    get: async (id) => {
      const entry = alive(id)
      return entry !== undefined && entry.left > 0 ? entry.text : undefined
    },
    attempt: async (id) => {
      const entry = alive(id)
      if (entry === undefined || entry.left <= 0) return undefined
      entry.left -= 1
      return entry.text
    },
    take: async (id) => {
      const entry = alive(id)
      if (entry?.text === undefined) return false
      entry.text = undefined
      return true
    },
  }
}
