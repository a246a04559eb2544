/** What a list has to keep. It says which entries are given out, never to whom. */
export interface StatusState {
  /** One bit per entry, the least significant first: whether the entry was given out. Never published. */
  readonly allocated: Uint8Array
  /** The packed status values, as they are published. */
  readonly statuses: Uint8Array
}

/**
 * Keeps the state of one list, as one value with a version. One row that is replaced as a whole, so
 * that a seized database shows no order in which entries were given out or revoked.
 */
export interface StatusStore {
  /** The state and its version; `undefined` where there is none yet. */
  read(): Promise<{ readonly state: StatusState; readonly version: string } | undefined>
  /**
   * Replaces the state if its version is still `expected` (`undefined`: if there is none yet);
   * whether it did. Atomic: of two that expect the same version exactly one succeeds.
   */
  compareAndSet(expected: string | undefined, next: StatusState): Promise<boolean>
}

/** A store in memory, for tests and demos: what it holds is gone with the process. */
export function memoryStatusStore(): StatusStore {
  let held: StatusState | undefined
  let version = 0
  return {
    async read() {
      return held === undefined ? undefined : { state: copy(held), version: String(version) }
    },
    async compareAndSet(expected, next) {
      if (expected !== (held === undefined ? undefined : String(version))) return false
      held = copy(next)
      version++
      return true
    },
  }
}

function copy({ allocated, statuses }: StatusState): StatusState {
  return { allocated: allocated.slice(), statuses: statuses.slice() }
}
