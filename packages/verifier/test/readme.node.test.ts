import { readFileSync } from 'node:fs'
import * as seal from '@asoba/core/seal'
import * as credentials from '@asoba/credentials'
import * as did from '@asoba/did'
import * as sdJwt from '@asoba/sd-jwt/verifying'
import * as status from '@asoba/status/token'
import { expect, test, vi } from 'vitest'
import * as verifier from '../src/index.ts'

test('the example of the README runs, and refuses an empty answer', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const names = [...code.matchAll(/^import \{([^}]*)\} from/gm)].map(([, some]) => some).join()
  const body = code.replaceAll(/^import .*$/gm, '')
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const run = new Function('all', `return (async () => { const {${names}} = all\n${body} })()`)
  await run({ ...seal, ...credentials, ...did, ...sdJwt, ...status, ...verifier })
  expect(log.mock.calls).toEqual([[['query.unsatisfied']]])
  log.mockRestore()
})
