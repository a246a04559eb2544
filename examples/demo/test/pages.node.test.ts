import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pages = ['*.md', 'docs/{guides,decisions}/*.md', 'packages/*/README.md', 'spec/*.md']
const found = globSync(pages, { cwd: root }).map((page) => ({
  page,
  text: readFileSync(join(root, page), 'utf8'),
}))

test('every link between our pages leads somewhere', () => {
  const dead = found.flatMap(({ page, text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  )
  expect(found.length).toBeGreaterThan(20)
  expect(dead).toEqual([])
})

test('every command in our pages is a script that exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: object
  }
  const named = found.flatMap(({ text }) =>
    [...text.matchAll(/(?:npm|pnpm@12) run ([a-z:-]+)/g)].map(([, name = '']) => name),
  )
  expect(named).toContain('demo')
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
