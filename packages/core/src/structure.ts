import { isJsonObject, type JsonObject } from './json.ts'

/** Takes one problem: a JSON pointer and a constant sentence. */
export type Report = (path: string, detail: string) => void

// What no URL or IRI may hold; the platform's parser would escape or cut it silently.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const notInUrl = /[\u0000-\u0020\u007f<>"\\^`{|}]/

// Schemes without an authority: whatever follows but `/`, the parser takes it as it is.
const opaque = /^(?:did|urn):[^/]/

/** Whether a value is an absolute URL, a DID among them. */
export function isUrl(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    !notInUrl.test(value) &&
    (opaque.test(value) || URL.canParse(value))
  )
}

/** Whether a value can be a term, a compact IRI or an absolute URL. */
export function isTermOrUrl(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !notInUrl.test(value)
}

/** Reports an `id` that is there and is not one URL. */
export function checkId(value: JsonObject, at: string, report: Report): void {
  if (Object.hasOwn(value, 'id') && !isUrl(value['id'])) {
    report(`${at}/id`, 'id must be a single URL')
  }
}

/** Reports a `type` that is missing or no set of terms and URLs, or lacks the type due. */
export function checkType(value: JsonObject, at: string, report: Report, due?: string): void {
  const types = Array.isArray(value['type']) ? value['type'] : [value['type']]
  if (!Object.hasOwn(value, 'type')) report(`${at}/type`, 'type is required')
  else if (types.length === 0 || !types.every(isTermOrUrl)) {
    report(`${at}/type`, 'type must be one or more terms or URLs')
  } else if (due !== undefined && !types.includes(due)) {
    report(`${at}/type`, 'type does not include the type that this object must have')
  }
}

/** Reports a value that is neither a URL nor an object with a URL as its `id`. */
export function checkUrlOrObject(value: unknown, at: string, report: Report): void {
  if (isJsonObject(value)) {
    if (!isUrl(value['id'])) report(`${at}/id`, 'id is required and must be a single URL')
  } else if (!isUrl(value)) report(at, 'must be a URL or an object with a URL as its id')
}

/**
 * Calls `each` for the object or objects of a property that may be absent; reports
 * anything else.
 */
export function checkObjects(
  value: JsonObject,
  name: string,
  report: Report,
  each: (object: JsonObject, at: string) => void,
): void {
  if (!Object.hasOwn(value, name)) return
  const objects: unknown = value[name]
  const one = (object: unknown, at: string): void => {
    if (isJsonObject(object)) each(object, at)
    else report(at, 'must be an object')
  }
  if (!Array.isArray(objects)) one(objects, `/${name}`)
  else if (objects.length === 0) report(`/${name}`, 'must be one or more objects')
  else for (const [index, object] of objects.entries()) one(object, `/${name}/${index}`)
}

/** The issuer or holder that a value names: itself or its `id`. */
export function identifierOf(value: unknown): unknown {
  return isJsonObject(value) ? value['id'] : value
}
