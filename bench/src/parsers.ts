import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  canonicalize,
  type Json,
  type JsonObject,
  parseJson,
  parseUnambiguous,
  readQuery,
  toBase64url,
  utf8,
  validateCredential,
} from '@asoba/core'
import { parseQuery } from '@asoba/core/dcql'
import { validateCredentialV1 } from '@asoba/core/v1'
import { validateDidDocument } from '@asoba/did'
import { parseJws } from '@asoba/jwt'
import { openSdJwt, parseTypeMetadata } from '@asoba/sd-jwt'

/** What a parser may cost, in times of `JSON.parse` of the same bytes. */
const limit = 10
const sizes = [10_000, 100_000, 1_000_000]

function filled(size: number, part: (at: number) => string): string {
  const parts: string[] = []
  for (let at = 0, length = 0; length < size; at++) {
    const one = part(at)
    parts.push(one)
    length += one.length + 1
  }
  return parts.join(',')
}

/** The worst shapes of JSON that we know, each about `size` bytes. */
const shapes: Readonly<Record<string, (size: number) => string>> = {
  members: (size) => `{${filled(size, (at) => `"a${at}":1`)}}`,
  'numeric names': (size) => `{${filled(size, (at) => `"${at * 7919}":1`)}}`,
  'dense names': (size) => `{${filled(size, (at) => `"${at}":1`)}}`,
  nesting: (size) => `{"a":[${filled(size, () => '['.repeat(60) + ']'.repeat(60))}]}`,
  escapes: (size) => `{"a":[${filled(size, () => '"\\n"')}]}`,
  'one long escape': (size) => `{"a":"${'\\u0061'.repeat(size / 6)}"}`,
  'escaped names': (size) => `{${filled(size, (at) => `"\\u0061${at}":1`)}}`,
  quotes: (size) => `{"a":"${'\\"'.repeat(size / 2)}"}`,
  numbers: (size) => `{"a":[${filled(size, () => '1')}]}`,
  'empty arrays': (size) => `{"a":[${filled(size, () => '[]')}]}`,
  'empty objects': (size) => `{"a":[${filled(size, () => '{}')}]}`,
  'small objects': (size) => `{"a":[${filled(size, () => '{"a":1}')}]}`,
}

const big = { maxLength: 10_000_000 }
const part = (text: string): string => toBase64url(utf8(text))
const jws = (text: string): string => `${part('{"alg":"ES256"}')}.${part(text)}.${'A'.repeat(86)}`
const object = (text: string): JsonObject => JSON.parse(text) as JsonObject

/** How the text gets to a parser (not timed), and what is timed. */
const parsers: Readonly<Record<string, (text: string) => () => unknown>> = {
  parseJson: (text) => () => parseJson(text, big),
  parseUnambiguous: (text) => () => parseUnambiguous(text, big),
  parseJws: (text) => {
    const token = jws(text)
    return () => parseJws(token, big)
  },
  'parseJws, header': (text) => {
    const token = `${part(`{"alg":"ES256",${text.slice(1)}`)}.AA.AA`
    return () => parseJws(token, big)
  },
  openSdJwt: (text) => {
    const token = `${jws(text)}~`
    return () => openSdJwt(token)
  },
  parseTypeMetadata: (text) => {
    const bytes = utf8(`{"vct":"a",${text.slice(1)}`)
    return () => parseTypeMetadata(bytes, { vct: 'a' })
  },
  readQuery: onValue((value) => readQuery({ credentials: [value] })),
  parseQuery: onValue((value) => parseQuery({ credentials: [value] })),
  validateCredential: onValue(validateCredential),
  validateCredentialV1: onValue(validateCredentialV1),
  validateDidDocument: onValue((value) => validateDidDocument(value, 'did:web:a.example')),
  canonicalize: onValue((value: Json) => canonicalize(value)),
}

function onValue(run: (value: JsonObject) => unknown) {
  return (text: string) => {
    const value = object(text)
    return () => run(value)
  }
}

/** Times one parser once, in a process that has read next to nothing; prints a line of JSON. */
function timeOnce(parser: string, shape: string, size: number): void {
  const text = shapes[shape]?.(size) ?? ''
  const run = parsers[parser]?.(text) as () => unknown
  // A text of its own, for an engine remembers what it parsed. First, so that it is as cold.
  const copy = `${text} `.slice(0, -1)
  // The first call of all compiles; it is the same for every text.
  JSON.parse(small)
  tried(() => parsers[parser]?.(small)())
  const base = timed(() => JSON.parse(copy))
  const own = timed(() => tried(run))
  console.log(JSON.stringify({ base, own }))
}

const small = '{"a":[{"b":"\\"\\n"}]}'

function tried(run: (() => unknown) | undefined): void {
  try {
    run?.()
  } catch {
    // A query that is refused took its time as well.
  }
}

function timed(run: () => unknown): number {
  // What the making of the text left behind is not the parser's.
  globalThis.gc?.()
  const start = performance.now()
  run()
  return performance.now() - start
}

/**
 * Every parser of outside JSON on the worst shapes, beside `JSON.parse` of the same bytes; each in
 * a process of its own that has read one small text, so that nothing is optimised. As it
 * is, and without the optimising compilers.
 *
 * @returns whether none takes more than ten times as long
 */
export async function benchParsers(): Promise<boolean> {
  let met = true
  for (const flags of [[], ['--no-opt', '--no-maglev', '--no-sparkplug']]) {
    console.log(`\nparsers${flags.length > 0 ? ', interpreted' : ''}: worst of all shapes`)
    for (const parser of Object.keys(parsers)) {
      for (const size of flags.length > 0 ? [100_000] : sizes)
        met = worstOf(parser, size, flags) && met
    }
  }
  return met
}

function worstOf(parser: string, size: number, flags: readonly string[]): boolean {
  let worst = { ratio: 0, line: '' }
  const slow: string[] = []
  for (const shape of Object.keys(shapes)) {
    const file = fileURLToPath(import.meta.url)
    let best = { base: 1, own: 0, ratio: Number.POSITIVE_INFINITY }
    // The least of three where it is too much: what other processes took is not the parser's.
    for (let run = 0; run < 3 && best.ratio > limit; run++) {
      const out = execFileSync(process.execPath, [
        '--expose-gc',
        ...flags,
        file,
        parser,
        shape,
        String(size),
      ])
      const { base, own } = JSON.parse(out.toString()) as { base: number; own: number }
      const ratio = own / base
      if (ratio < best.ratio) best = { base, own, ratio }
    }
    const { base, own, ratio } = best
    const line = `${ratio.toFixed(1)} (${own.toFixed(2)} of ${base.toFixed(2)} ms, ${shape})`
    if (ratio > worst.ratio) worst = { ratio, line }
    if (ratio > limit) slow.push(line)
  }
  console.log(`  ${parser.padEnd(22)} ${String(size / 1000).padStart(5)} kB  ${worst.line}`)
  for (const line of slow) console.log(`    MISSED ${line}`)
  return slow.length === 0
}

const [, script, parser, shape, size] = process.argv
if (script === fileURLToPath(import.meta.url) && parser !== undefined && shape !== undefined) {
  timeOnce(parser, shape, Number(size))
}
