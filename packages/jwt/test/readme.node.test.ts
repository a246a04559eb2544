import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the example of the README is the one that is tested', () => {
  const [, example] = /```ts\n([^`]*)```/.exec(read('../README.md')) ?? []
  const [, tested] =
    /README begins\n([\s\S]*?)\n *\/\/ README ends/.exec(read('readme.test.ts')) ?? []
  expect(example?.trimEnd()).toBe(tested?.replaceAll(/^ {2}/gm, ''))
})

test('the public surface is one short file of re-exports', () => {
  expect(read('../src/index.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(40)
})
