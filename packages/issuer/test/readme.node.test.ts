import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the code block of the README is the code of its test', () => {
  const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(text('../README.md')) ?? []
  // As statements without comments, spaces and trailing commas; imports and the last line differ.
  const bare = (code: string) =>
    code
      .replaceAll(/\/\/ .*$/gm, '')
      .replaceAll(/\s+/g, '')
      .replaceAll(/,(?=[)}\]])/g, '')
  const statements = block.split('\n').filter((line) => !/^(import|console)/.test(line))
  expect(bare(text('./readme.test.ts'))).toContain(bare(statements.join('\n')))
})
