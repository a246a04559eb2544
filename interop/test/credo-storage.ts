import {
  type BaseRecord,
  type BaseRecordConstructor,
  type FileSystem,
  JsonTransformer,
  type Query,
  RecordDuplicateError,
  RecordNotFoundError,
  type StorageService,
} from '@credo-ts/core'

/** A record of the peer of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: the peer's own bound for any record.
type AnyRecord = BaseRecord<any, any, any>

interface Kept {
  readonly text: string
  readonly tags: Readonly<Record<string, unknown>>
}

/** The storage that the peer's interface asks for, in memory: its own needs a native module. */
export function memoryStorage(): StorageService<AnyRecord> {
  const kinds = new Map<string, Map<string, Kept>>()

  function kind(type: string): Map<string, Kept> {
    const found = kinds.get(type) ?? new Map<string, Kept>()
    kinds.set(type, found)
    return found
  }

  function put(record: AnyRecord): void {
    record.updatedAt = new Date()
    const kept = { text: JsonTransformer.serialize(record), tags: { ...record.getTags() } }
    kind(record.type).set(record.id, kept)
  }

  function read<T extends AnyRecord>({ text, tags }: Kept, made: BaseRecordConstructor<T>): T {
    const record = JsonTransformer.deserialize(text, made)
    record.replaceTags(tags)
    return record
  }

  function existing(type: string, id: string): Kept {
    const kept = kind(type).get(id)
    if (kept === undefined) throw new RecordNotFoundError('no such record', { recordType: type })
    return kept
  }

  return {
    supportsCursorPagination: false,
    save: async (_context, record) => {
      if (kind(record.type).has(record.id)) {
        throw new RecordDuplicateError('the record is there', { recordType: record.type })
      }
      put(record)
    },
    update: async (_context, record) => {
      existing(record.type, record.id)
      put(record)
    },
    delete: async (_context, { type, id }) => {
      existing(type, id)
      kind(type).delete(id)
    },
    deleteById: async (_context, { type }, id) => {
      existing(type, id)
      kind(type).delete(id)
    },
    getById: async (_context, made, id) => read(existing(made.type, id), made),
    getAll: async (_context, made) => [...kind(made.type).values()].map((each) => read(each, made)),
    findByQuery: async (_context, made, query, { limit, offset = 0 } = {}) => {
      const found = [...kind(made.type).values()].filter(({ tags }) => matches(tags, query))
      const end = limit === undefined ? undefined : offset + limit
      return found.slice(offset, end).map((each) => read(each, made))
    },
  }
}

function matches(tags: Kept['tags'], query: Query<AnyRecord>): boolean {
  const {
    $and = [],
    $or,
    $not,
    ...simple
  } = query as {
    readonly $and?: readonly Query<AnyRecord>[]
    readonly $or?: readonly Query<AnyRecord>[]
    readonly $not?: Query<AnyRecord>
    readonly [tag: string]: unknown
  }
  const holds = (each: Query<AnyRecord>): boolean => matches(tags, each)
  return (
    Object.entries(simple).every(([tag, value]) => value === undefined || has(tags[tag], value)) &&
    $and.every(holds) &&
    ($or === undefined || $or.length === 0 || $or.some(holds)) &&
    ($not === undefined || !holds($not))
  )
}

/** A list that is asked for has to be in the list that is there. */
function has(there: unknown, asked: unknown): boolean {
  if (!Array.isArray(asked)) return there === asked
  return Array.isArray(there) && asked.every((each) => there.includes(each))
}

/** The file system that the peer asks for and these tests never use. */
export class NoFiles implements FileSystem {
  readonly dataPath = '/data'
  readonly cachePath = '/cache'
  readonly tempPath = '/temp'
  exists = async (): Promise<boolean> => false
  createDirectory = nothingThere
  copyFile = nothingThere
  write = nothingThere
  read = nothingThere
  delete = nothingThere
  downloadToFile = nothingThere
}

async function nothingThere(): Promise<never> {
  throw new Error('there are no files here')
}
