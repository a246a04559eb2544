import { isJsonObject, type Json, type JsonObject } from '@asoba/core'

/**
 * What was read of a document, with arrays of one, and references instead of whole nodes, where the
 * document as it was sent has them. Statements hold neither, but a JSON Schema asks for them. Every
 * value is one that was read.
 */
export function inShapeAsSent(sent: JsonObject, read: JsonObject): JsonObject {
  return shaped(sent, read) as JsonObject
}

function shaped(sent: Json | undefined, read: Json): Json {
  if (Array.isArray(sent)) {
    const all: readonly Json[] = Array.isArray(read) ? read : [read]
    // A set has no order, so that which element is which is known of one alone.
    const [only, ...others] = sent as readonly Json[]
    return all.map((one) => (others.length === 0 && all.length === 1 ? shaped(only, one) : one))
  }
  if (Array.isArray(read)) return read.length === 1 ? shaped(sent, read[0] as Json) : read
  if (!isJsonObject(read)) return isReferenceTo(sent, read) ? (sent as Json) : read
  if (typeof sent === 'string') return read['id'] === sent ? sent : read
  if (!isJsonObject(sent)) return read
  return Object.fromEntries(
    Object.entries(read).map(([name, value]) => [
      name,
      Object.hasOwn(sent, name) ? shaped(sent[name], value) : value,
    ]),
  )
}

function isReferenceTo(sent: Json | undefined, read: Json): boolean {
  return isJsonObject(sent) && Object.keys(sent).length === 1 && sent['id'] === read
}
