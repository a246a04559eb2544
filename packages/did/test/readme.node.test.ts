import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import * as did from '../src/index.ts'

test('the example of the README runs', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const [, names = '', body = ''] =
    /^import \{([^}]*)\} from '@asoba\/did'\n([\s\S]*)$/.exec(code) ?? []
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const run = new Function(
    'library',
    `return (async () => { const {${names}} = library\n${body} })()`,
  )
  await run(did)
  expect(log.mock.calls).toEqual([[true]])
  log.mockRestore()
})
