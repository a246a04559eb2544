import { AsobaError } from '@asoba/core'
import type { PackedStatuses } from './bits.ts'
import type { StatusState, StatusStore } from './store.ts'

/** Options of {@link statusAllocator}. */
export interface StatusAllocatorOptions {
  /** Entries of the list; a multiple of 8. */
  readonly size: number
  /** Bits per entry. */
  readonly bits: number
  readonly store: StatusStore
  /** Writes one entry in place: `putStatus` or `putBitstring`. */
  readonly put: (list: PackedStatuses, index: number, value: number) => void
  /** Reads one entry: `statusAt` or `bitstringAt`. */
  readonly at: (list: PackedStatuses, index: number) => number | undefined
}

/** Gives out entries of one list, each once, and writes their values. */
export interface StatusAllocator {
  /**
   * That many distinct entries, chosen at random among all free ones, never given out before.
   *
   * @throws AsobaError `status.list-full` where fewer are free; none is given out then
   */
  allocate(count: number): Promise<readonly number[]>
  /**
   * Changes entries together, in one step. `change` says the next value by the present one.
   *
   * @throws AsobaError `status.entry-unknown` where one was never given out; none is changed then
   */
  update(indexes: readonly number[], change: (value: number) => number): Promise<void>
  /** The packed values as they are now. */
  statuses(): Promise<PackedStatuses>
}

/**
 * Random allocation without reuse. The entry is chosen by its rank among the free ones, so that a
 * nearly full list costs no more than an empty one, and by the platform's randomness, so that an
 * index tells nothing of when it was given out. Safe with several replicas on one store.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-21#section-13.2
 */
export function statusAllocator(options: StatusAllocatorOptions): StatusAllocator {
  const { size, bits, store, put, at } = options
  if (!Number.isSafeInteger(size) || size < 8 || size % 8 !== 0) {
    throw new TypeError('the size of a status list is a positive multiple of 8')
  }
  if (!Number.isSafeInteger(bits) || bits < 1 || bits > 16) {
    throw new TypeError('an entry of a status list has 1 to 16 bits')
  }
  // One change at a time within this process; across processes the store decides.
  let last: Promise<unknown> = Promise.resolve()

  async function read(): Promise<{ state: StatusState; version: string | undefined }> {
    const found = await store.read()
    if (found === undefined) {
      const state = {
        allocated: new Uint8Array(size / 8),
        statuses: new Uint8Array((size * bits) / 8),
      }
      return { state, version: undefined }
    }
    const { allocated, statuses } = found.state
    if (allocated.length !== size / 8 || statuses.length !== (size * bits) / 8) {
      throw new TypeError('the store holds a list of another size')
    }
    return found
  }

  async function attempt<T>(change: (state: StatusState) => T): Promise<T> {
    for (let tries = 0; tries < 64; tries++) {
      const { state, version } = await read()
      const next = { allocated: state.allocated.slice(), statuses: state.statuses.slice() }
      const result = change(next)
      if (await store.compareAndSet(version, next)) return result
    }
    throw new AsobaError('status.unavailable', 'the store of the status list is always changing')
  }

  function inTurn<T>(change: (state: StatusState) => T): Promise<T> {
    const turn = last.then(() => attempt(change))
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    allocate(count) {
      if (!Number.isSafeInteger(count) || count < 0) {
        return Promise.reject(new TypeError('the number of entries is a whole number'))
      }
      return inTurn(({ allocated }) => {
        const free = size - ones(allocated)
        if (free < count) {
          throw new AsobaError('status.list-full', 'the status list has not so many free entries')
        }
        return Array.from({ length: count }, (_, given) => {
          const index = freeEntry(allocated, randomBelow(free - given))
          allocated[index >> 3] = (allocated[index >> 3] as number) | (1 << (index & 7))
          return index
        })
      })
    },
    update(indexes, change) {
      return inTurn(({ allocated, statuses }) => {
        const list = { bits, bytes: statuses }
        for (const index of indexes) {
          const value = at(list, index)
          if (
            value === undefined ||
            (((allocated[index >> 3] as number) >> (index & 7)) & 1) === 0
          ) {
            throw new AsobaError('status.entry-unknown', 'the status entry was never given out')
          }
          put(list, index, change(value))
        }
      })
    },
    async statuses() {
      return { bits, bytes: (await read()).state.statuses }
    },
  }
}

function ones(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) count += onesIn(byte)
  return count
}

function onesIn(byte: number): number {
  let rest = byte
  let count = 0
  for (; rest !== 0; rest &= rest - 1) count++
  return count
}

/** The free entry with that many free ones before it. */
function freeEntry(allocated: Uint8Array, rank: number): number {
  let before = rank
  for (let at = 0; at < allocated.length; at++) {
    const byte = allocated[at] as number
    const free = 8 - onesIn(byte)
    if (before >= free) {
      before -= free
      continue
    }
    for (let bit = 0; bit < 8; bit++) {
      if (((byte >> bit) & 1) === 0 && before-- === 0) return at * 8 + bit
    }
  }
  throw new TypeError('no entry is free')
}

/** A whole number below `limit`, each as likely as the other. */
function randomBelow(limit: number): number {
  // 2^48 values; the few at the end that would favour small numbers are drawn again.
  const range = 2 ** 48
  const fair = range - (range % limit)
  for (;;) {
    const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
    const value = (high & 0xffff) * 2 ** 32 + low
    if (value < fair) return value % limit
  }
}
