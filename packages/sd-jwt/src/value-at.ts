import type { Json, JsonObject } from '@asoba/core'

/** The value at a path that is known to be there. */
export function valueAt(claims: JsonObject, path: readonly (string | number)[]): Json {
  let value: Json = claims
  for (const part of path) value = (value as Record<string | number, Json>)[part] as Json
  return value
}
