/**
 * What the tests of every package share: the vectors written by others, in Node
 * and in a browser alike, and the search for secrets in what code lets out.
 *
 * @module
 */

import { describe, inject, test } from 'vitest'
import { listFiles, readText } from '#files'

/** Reads the files of one folder of vectors. */
export interface Vectors {
  /** Text of a file, path relative to the folder. */
  text(path: string): Promise<string>
  /** Parsed JSON of a file. */
  json<T = unknown>(path: string): Promise<T>
  /** Every file below the folder (or `under`), relative to the folder. */
  files(under?: string): Promise<string[]>
}

/**
 * A suite over a folder of others' vectors. Where the vectors are absent it shows
 * as skipped; where `ASOBA_VECTORS_REQUIRED=1` it fails instead.
 */
export function vectorSuite(
  folder: string,
  define: (vectors: Vectors) => void | Promise<void>,
): void {
  const { present, required } = inject('vectors')
  const name = `vectors: ${folder}`
  if (!present) {
    if (required) {
      test(name, () => {
        throw new Error('ASOBA_VECTORS_REQUIRED=1, but the folder of vectors is not there')
      })
    } else {
      describe.skip(`${name} (absent: set ASOBA_VECTORS)`, () => {
        test('reads the vectors', () => undefined)
      })
    }
    return
  }
  describe(name, () =>
    define({
      text: async (path) => readText(`${folder}/${path}`),
      json: async <T>(path: string) => JSON.parse(await readText(`${folder}/${path}`)) as T,
      files: async (under) => {
        const full = under === undefined ? folder : `${folder}/${under}`
        return (await listFiles(full)).map((path) => path.slice(folder.length + 1))
      },
    }),
  )
}

/**
 * Every string that a value lets out when it is logged: its JSON, its own and
 * inherited properties, message, stack and causes. For tests that plant secrets.
 */
export function everythingIn(value: unknown): string {
  const seen = new Set<unknown>()
  const parts: string[] = []
  const walk = (current: unknown): void => {
    if (typeof current === 'string') parts.push(current)
    if (current instanceof Uint8Array) parts.push(new TextDecoder().decode(current))
    if (current === null || typeof current !== 'object' || seen.has(current)) return
    seen.add(current)
    for (const key of Reflect.ownKeys(current)) {
      if (typeof key === 'string') parts.push(key)
      walk(Reflect.get(current, key))
    }
    if (current instanceof Error) {
      parts.push(current.message, String(current.stack))
      walk(current.cause)
    }
  }
  walk(value)
  return parts.join('\n')
}

/** Every member name in a JSON value, however deep. */
export function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(namesIn)
  return Array.isArray(value) ? inner : [...Object.keys(value), ...inner]
}
