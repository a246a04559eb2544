import { execFileSync } from 'node:child_process'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { codeIn } from '../testing/src/markdown.node.ts'
import { tarballs } from './tarballs.ts'

// What an application gets that installs a verifier: npm installs the packed
// tarballs into an empty folder, and from then on nothing of this workspace is
// used but the compiler. How many packages come, how long an import takes,
// whether the samples of README and guides compile against the published types
// and run on the published JavaScript. With a folder as argument, the tarballs
// in it are taken.

/** Packages beside our own that installing a verifier may bring. */
const maxPackages = 12
/** Milliseconds. The target is compared and printed; only the bound can fail. */
const importTarget = 40
const importBound = 400
/** What a verifier of SD-JWT VC with DCQL, trust, status and did:key/jwk/web imports. */
const verifier = `
export { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
export { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
export { didResolver, jwk, key, web } from '@asoba/did'
export { httpStatusSource } from '@asoba/status/token'
`
const others = [
  ...[
    'bbs',
    'core',
    'credentials',
    'data-integrity',
    'did',
    'issuer',
    'jwt',
    'sd-jwt',
    'openid4vc',
  ],
  ...['status', 'wallet'],
]

const [given] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'asoba-installed-'))
const app = join(folder, 'app')
let faults = 0
const judge = (good: boolean, text: string): void => {
  if (!good) faults++
  console.log(`${good ? 'ok  ' : 'FAIL'} ${text}`)
}

try {
  const packed = tarballs(given ?? join(folder, 'tarballs'))
  mkdirSync(app)
  install(['verifier'])
  const brought = packages().filter(({ name }) => !name.startsWith('@asoba/'))
  judge(
    brought.length <= maxPackages,
    `@asoba/verifier brings ${brought.length} packages beside ours, of at most ${maxPackages}`,
  )
  list()
  install(['verifier', ...others])
  console.log('     with the formats, types, issuer, wallet and OpenID4VC:')
  list()
  samples()
  importTimes()

  /** Installs packages of ours from their tarballs, and what they need from the registry. */
  function install(names: readonly string[]): void {
    const ours = (all: Iterable<string>): object =>
      Object.fromEntries([...all].map((name) => [`@asoba/${name}`, `file:${packed.get(name)}`]))
    write('package.json', {
      private: true,
      type: 'module',
      dependencies: ours(names),
      overrides: ours(packed.keys()),
    })
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  }
} finally {
  rmSync(folder, { recursive: true })
}
console.log(faults === 0 ? 'installed: all good' : `installed: ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1

/** What npm installed, by its own account. */
function packages(): { readonly name: string; readonly version: string; readonly path: string }[] {
  const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>
  }
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { version }]) => ({ name: path.replace(/.*node_modules\//, ''), version, path }))
}

function list(): void {
  const size = (path: string): number =>
    readdirSync(join(app, path), { recursive: true, encoding: 'utf8' })
      .map((each) => statSync(join(app, path, each)))
      .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
  const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0).padStart(6)} kB`
  const all = packages().map((each) => ({ ...each, bytes: size(each.path) }))
  for (const { name, version, bytes } of all) console.log(`     ${kB(bytes)}  ${name} ${version}`)
  console.log(`     ${kB(all.reduce((sum, { bytes }) => sum + bytes, 0))}  in all`)
}

/** Compiles the samples strictly against the published types, and runs them. */
function samples(): void {
  // Without code, and with that of others, which `veramo-types.ts` compiles.
  const without = ['threat-model', 'veramo'].map((name) => `docs/guides/${name}.md`)
  const guides = globSync('docs/guides/*.md').filter((page) => !without.includes(page))
  const pages = [
    'README.md',
    'packages/verifier/README.md',
    'packages/openid4vc/README.md',
    ...guides,
  ]
  const files = pages.map((page) => {
    const name = page === 'README.md' ? 'readme' : basename(page.replace('/README', ''), '.md')
    write(`${name}.ts`, codeIn(pathToFileURL(resolve(page))))
    return { page, name }
  })
  write('tsconfig.json', {
    compilerOptions: {
      target: 'ES2024',
      lib: ['ES2024', 'DOM'],
      types: [],
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    },
    files: files.map(({ name }) => `${name}.ts`),
  })
  attempt('the samples compile against the published types', () => run('tsc', ['-p', '.']))
  for (const { page, name } of files) {
    attempt(`${page} runs on the published JavaScript`, () => run(process.execPath, [`${name}.js`]))
  }
}

/** Imports the verifier in a new process each time. */
function importTimes(): void {
  write('import-verifier.js', verifier)
  const code = `const begun = performance.now()
    await import('./import-verifier.js')
    console.log(performance.now() - begun)`
  const times = Array.from({ length: 11 }, () =>
    Number(run(process.execPath, ['--input-type=module', '--eval', code])),
  ).sort((a, b) => a - b)
  const [least = 0] = times
  const median = times[times.length >> 1] ?? 0
  const ratio = (median / importTarget).toFixed(2)
  judge(
    least < importBound,
    `importing a verifier takes ${least.toFixed(1)} ms at least, ${median.toFixed(1)} ms in the median: ${ratio} of the target of ${importTarget} ms (Node ${process.versions.node})`,
  )
}

function attempt(text: string, work: () => void): void {
  try {
    work()
    judge(true, text)
  } catch (error) {
    judge(false, text)
    const { stdout, stderr } = error as { readonly stdout?: unknown; readonly stderr?: unknown }
    console.error(String(stdout ?? ''), String(stderr ?? error))
  }
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: app, encoding: 'utf8', timeout: 60_000 })
}

function write(name: string, content: string | object): void {
  writeFileSync(join(app, name), typeof content === 'string' ? content : JSON.stringify(content))
}
