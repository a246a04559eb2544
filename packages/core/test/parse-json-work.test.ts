import { parseUnambiguous } from '@asoba/core'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the reader does over a text: characters looked at, searched, copied, and values visited. */
function workOf(text: string): number {
  let work = 0
  const { charCodeAt, indexOf, slice } = String.prototype
  const { values } = Object
  const { parse } = JSON
  vi.spyOn(String.prototype, 'charCodeAt').mockImplementation(function (this: string, at) {
    work++
    return charCodeAt.call(this, at)
  })
  vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, what, from = 0) {
    const found = indexOf.call(this, what, from)
    work += 1 + (found === -1 ? this.length : found) - from
    return found
  })
  vi.spyOn(String.prototype, 'slice').mockImplementation(function (this: string, from, to) {
    const part = slice.call(this, from, to)
    work += 1 + part.length
    return part
  })
  vi.spyOn(Object, 'values').mockImplementation((of: object) => {
    const all: unknown[] = values(of)
    work += 1 + all.length
    return all
  })
  vi.spyOn(JSON, 'parse').mockImplementation((one: string) => {
    work += one.length
    return parse(one) as unknown
  })
  parseUnambiguous(text, { maxLength: text.length })
  vi.restoreAllMocks()
  return work
}

const list = (part: (at: number) => string, count: number) =>
  Array.from({ length: count }, (_, at) => part(at)).join(',')
const shapes: Readonly<Record<string, (count: number) => string>> = {
  members: (count) => `{${list((at) => `"a${at}":1`, count)}}`,
  'names that are numbers': (count) => `{${list((at) => `"${at * 7919}":1`, count)}}`,
  'one name many times': (count) => `{${list(() => '"a":1', count)}}`,
  'names in escapes': (count) => `{${list((at) => `"\\u0061${at}":1`, count)}}`,
  'values in escapes and one such name': (count) => `{"\\u0061":[${list(() => '"\\n"', count)}]}`,
  'a text of quotes': (count) => `{"a":"${'\\"'.repeat(count)}"}`,
  'a text of backslashes': (count) => `{"a":"${'\\\\'.repeat(count)}"}`,
  'a long name in escapes before colons': (count) =>
    `{"${'\\u0061'.repeat(count)}"${':'.repeat(count)}1}`,
  'quotes and colons': (count) => `{"\\u0061"${':"":"\\u0061"'.repeat(count)}}`,
  numbers: (count) => `{"a":[${list(() => '1', count)}]}`,
  'empty containers': (count) => `{"a":[${list(() => '[],{}', count)}]}`,
  nesting: (count) => `{"a":[${list(() => '[[[[[[[[]]]]]]]]', count)}]}`,
  'nesting without end': (count) => '['.repeat(count),
  whitespace: (count) => `{"a"${' '.repeat(count)}:1}`,
}

describe('the work of reading JSON of others', () => {
  test.each(Object.entries(shapes))('grows with its length and no faster: %s', (_name, shape) => {
    const text = shape(20_000)
    expect(workOf(text)).toBeLessThanOrEqual(6 * text.length)
  })
})
