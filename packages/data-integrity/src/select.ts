import { AsobaError, isJsonObject, type Json, type JsonObject } from '@asoba/core'

/**
 * The part of a document that JSON pointers lead to, with the `id` and `type` of every object on
 * the way; undefined where there are no pointers. The document is not changed.
 *
 * @throws AsobaError `disclosure.pointer-unknown` where a pointer is malformed or leads nowhere, with
 * the pointer as its path
 * @see https://www.w3.org/TR/vc-di-ecdsa/#selectjsonld
 */
export function selectJsonLd(
  document: JsonObject,
  pointers: readonly string[],
): JsonObject | undefined {
  // Step 1.
  if (pointers.length === 0) return undefined
  // Steps 3 and 4. Selected arrays are kept by index until all pointers are done (steps 2 and 6).
  const root: Selection = { whole: false, members: new Map() }
  for (const pointer of pointers) select(document, pointer, root)
  return build(document, root) as JsonObject
}

/**
 * The names and indexes that a JSON pointer is made of.
 *
 * @throws AsobaError `disclosure.pointer-unknown` where it is no JSON pointer
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return []
  if (!/^(?:\/(?:[^~/]|~[01])*)+$/.test(pointer)) throw unknown(pointer)
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The JSON pointer of names and indexes. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

interface Selection {
  /** Everything below is selected. */
  whole: boolean
  readonly members: Map<string, Selection>
}

function select(document: JsonObject, pointer: string, root: Selection): void {
  let value: Json = document
  let selection = root
  for (const part of parsePointer(pointer)) {
    const next = memberOf(value, part)
    if (next === undefined) throw unknown(pointer)
    value = next
    const known = selection.members.get(part)
    const member: Selection = known ?? { whole: false, members: new Map() }
    selection.members.set(part, member)
    selection = member
  }
  selection.whole = true
}

function memberOf(value: Json, name: string): Json | undefined {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function build(value: Json, { whole, members }: Selection): Json {
  if (whole) return copyOf(value)
  if (Array.isArray(value)) {
    return [...members]
      .map(([index, member]) => [Number(index), member] as const)
      .sort(([a], [b]) => a - b)
      .map(([index, member]) => build(value[index] as Json, member))
  }
  const selected: Record<string, Json> = {}
  for (const [name, member] of Object.entries(value as JsonObject)) {
    const chosen = members.get(name)
    if (chosen !== undefined) selected[name] = build(member, chosen)
    else if (isAlwaysShown(name, member)) selected[name] = copyOf(member)
  }
  return selected
}

/** `structuredClone` takes longer to begin than to copy. */
function copyOf(value: Json): Json {
  return typeof value === 'object' ? structuredClone(value) : value
}

/**
 * createInitialSelection, and the contexts that what is below is read with. A blank node's own
 * label says nothing and is left out.
 */
function isAlwaysShown(name: string, value: Json): boolean {
  if (name === 'type' || name === '@type' || name === '@context') return true
  return (name === 'id' || name === '@id') && !(typeof value === 'string' && value.startsWith('_:'))
}

function unknown(pointer: string): AsobaError {
  return new AsobaError('disclosure.pointer-unknown', 'a JSON pointer leads nowhere', {
    path: pointer,
  })
}
