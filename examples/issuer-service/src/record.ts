import type { Json, StatusReference } from '@asoba/core'
import type { IssuedCopy } from '@asoba/openid4vc/issuer'

/** Copies of one issuance: the day on which they expire, the number of their list, their entries. */
export type Batch = readonly [day: number, list: number, indexes: readonly number[]]

/** What lies under a tag. There is nothing else about anybody. */
export interface Record {
  /** How often this person was approved or revoked. */
  readonly generation: number
  readonly batches: readonly Batch[]
}

// A record must fit into a seal, with room for the next batch.
const maxEntries = 3000
const milliseconds = 86_400_000

/** What was found under a tag, if anything. */
export function recordOf(held: Json | undefined): Record & Json {
  const { generation = 0, batches = [] } = (held ?? {}) as Partial<Record>
  return { generation, batches } as Record & Json
}

/** After another approval: what belongs to the former one gives nothing any more. */
export function superseded(record: Record): Record & Json {
  return { ...record, generation: record.generation + 1 } as Record & Json
}

/** Without batches that were revoked. */
export function without(record: Record, batches: readonly Batch[]): Record & Json {
  const gone = new Set(batches.map((batch) => JSON.stringify(batch)))
  const left = record.batches.filter((batch) => !gone.has(JSON.stringify(batch)))
  return { ...record, batches: left } as Record & Json
}

/** With what was just issued; `undefined` where the approval is over, or a wallet takes without end. */
export function withCopies(
  record: Record,
  given: {
    readonly generation: number
    readonly copies: readonly IssuedCopy[]
    readonly now: Date
    readonly days: number
  },
): (Record & Json) | undefined {
  const { generation, copies, now, days } = given
  if (record.generation !== generation) return undefined
  const today = Math.floor(now.getTime() / milliseconds)
  // What has expired needs no revocation.
  const alive = record.batches.filter(([day]) => day >= today)
  const byList = Map.groupBy(
    copies.flatMap(({ status }) => status ?? []),
    ({ uri }) => numberIn(uri),
  )
  const made = [...byList].map(
    ([list, entries]): Batch => [today + days, list, entries.map(({ index }) => index)],
  )
  const batches = [...alive, ...made]
  const entries = batches.reduce((sum, [, , indexes]) => sum + indexes.length, 0)
  return entries > maxEntries ? undefined : ({ generation, batches } as unknown as Record & Json)
}

/** The status entries of a record. */
export function referencesOf(
  { batches }: Record,
  uriOf: (list: number) => string,
): readonly StatusReference[] {
  return batches.flatMap(([, list, indexes]) =>
    indexes.map((index) => ({ kind: 'token-status-list' as const, uri: uriOf(list), index })),
  )
}

/** The number at the end of the address of a list. */
export function numberIn(uri: string): number {
  return Number(/\/(\d+)$/.exec(uri)?.[1])
}
