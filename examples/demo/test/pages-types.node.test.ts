import { execFile } from 'node:child_process'
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { codeIn } from '@asoba/testing/markdown'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
// Below node_modules, where imports find the packages of the workspace and nobody looks.
const folder = join(root, 'node_modules/.cache/pages')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the code of README and guides is as strict as our own', async () => {
  // The page for Veramo needs what is installed for it alone: `scripts/veramo-types.ts` compiles it.
  const without = ['threat-model.md', 'veramo.md']
  const guides = globSync('docs/guides/*.md', { cwd: root })
  const pages = ['README.md', ...guides.filter((page) => !without.includes(basename(page)))]
  mkdirSync(folder, { recursive: true })
  const files = pages.map((page) => `${basename(page, '.md')}.ts`)
  for (const [at, page] of pages.entries()) {
    writeFileSync(join(folder, files[at] ?? ''), codeIn(pathToFileURL(join(root, page))))
  }
  const config = {
    extends: join(root, 'tsconfig.test.json'),
    compilerOptions: { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    include: files,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules/.bin/tsc')
  const said = await promisify(execFile)(tsc, ['-p', folder], { cwd: root }).catch(
    (error: { readonly stdout?: string }) => error,
  )
  expect(said.stdout).toBe('')
  expect(pages.length).toBeGreaterThan(10)
}, 120_000)
