import { readFileSync } from 'node:fs'
import * as seal from '@asoba/core/seal'
import * as credentials from '@asoba/credentials'
import * as did from '@asoba/did'
import * as issuer from '@asoba/issuer'
import * as sdJwt from '@asoba/sd-jwt'
import * as status from '@asoba/status'
import * as verifier from '@asoba/verifier'
import * as wallet from '@asoba/wallet'
import { expect, test, vi } from 'vitest'

test('the sample of the README runs, and the verifier learns what it says', async () => {
  const text = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const names = [...code.matchAll(/^import \{([^}]*)\} from/gm)].map(([, some]) => some).join()
  const body = code.replaceAll(/^import .*$/gm, '')
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const run = new Function('all', `return (async () => { const {${names}} = all\n${body} })()`)
  await run({
    ...seal,
    ...credentials,
    ...did,
    ...issuer,
    ...sdJwt,
    ...status,
    ...verifier,
    ...wallet,
  })
  expect(log.mock.calls).toEqual([[{ citizen: true, age_equal_or_over: { '18': true } }]])
  log.mockRestore()
})
