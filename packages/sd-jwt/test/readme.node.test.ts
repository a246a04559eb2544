import { readFileSync } from 'node:fs'
import * as did from '@asoba/did'
import { expect, test, vi } from 'vitest'
import * as library from '../src/index.ts'

test('the example of the README runs, and one claim is disclosed', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const names = [...code.matchAll(/^import \{([^}]*)\} from/gm)].map(([, some]) => some).join()
  const body = code.replaceAll(/^import .*$/gm, '')
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const run = new Function('all', `return (async () => { const {${names}} = all\n${body} })()`)
  await run({ ...did, ...library })
  expect(log.mock.calls).toEqual([[{ cnf: expect.anything(), citizen: true }]])
  log.mockRestore()
})
