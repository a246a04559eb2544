import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { codeIn } from '../testing/src/markdown.node.ts'
import { tarballs } from './tarballs.ts'

// Does what the README tells a newcomer, in an empty folder: its `npm install`,
// with the packed tarballs in place of the registry, its samples in `main.ts`,
// and `node main.ts` on every Node that we support, each from the package `node`.
// With a folder as argument, the tarballs in it are taken.

const versions = ['22.18.0', '24.21.0']
// Disclosures come in an order of chance.
const claims = ['citizen: true', "age_equal_or_over: { '18': true }"]
const expected = [`{ ${claims.join(', ')} }`, `{ ${claims.toReversed().join(', ')} }`].map(
  (first) => [first, 'yes counted', 'no answered already'].join('\n'),
)

const [given] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'asoba-newcomer-'))
let faults = 0
const judge = (good: boolean, text: string): void => {
  if (!good) faults++
  console.log(`${good ? 'ok  ' : 'FAIL'} ${text}`)
}

try {
  const packed = tarballs(given ?? join(folder, 'tarballs'))
  const readme = readFileSync('README.md', 'utf8')
  const code = codeIn(pathToFileURL('README.md'))
  const names = /^npm install (.+)$/m.exec(readme)?.[1]?.split(' ') ?? []
  judge(names.length > 0, `the README installs ${names.length} packages`)
  for (const [heading, block] of samplesIn(readme)) {
    const lines = block
      .split('\n')
      .filter((line) => /\S/.test(line) && !/^(import|\/\/)/.test(line))
    console.log(`     ${String(lines.length).padStart(3)} lines: ${heading}`)
  }
  const app = join(folder, 'app')
  mkdirSync(app)
  // The same command as in the README would be answered by the registry.
  const tarball = (name: string): string => {
    const path = packed.get(name.replace('@asoba/', ''))
    if (path === undefined) throw new Error(`the README installs ${name}, which is not packed`)
    return `file:${path}`
  }
  const manifest = {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(names.map((name) => [name, tarball(name)])),
    overrides: Object.fromEntries(
      [...packed].map(([name, path]) => [`@asoba/${name}`, `file:${path}`]),
    ),
  }
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(app, 'main.ts'), code)
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', install, { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] })

  for (const version of versions) {
    const node = nodeOf(version)
    const found = execFileSync(node, ['main.ts'], {
      cwd: app,
      encoding: 'utf8',
      timeout: 120_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const good = expected.includes(found.trim())
    judge(good, `the samples of the README say what they should on Node ${version}`)
    if (!good) console.error(found)
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = faults === 0 ? 0 : 1

/** The binary of a version, from the package `node` of the registry. */
function nodeOf(version: string): string {
  if (process.versions.node === version) return process.execPath
  const home = join(folder, version)
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{"private":true}')
  const install = ['install', `node@${version}`, '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', install, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
  return join(home, 'node_modules', 'node', 'bin', 'node')
}

/** Each block of TypeScript with the words in bold before it. */
function samplesIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/\*\*([^*]+)\*\*[^\n]*\n\n```ts\n([\s\S]*?)^```$/gm)].map(
    ([, heading = '', block = '']) => [heading, block],
  )
}
