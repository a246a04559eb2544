import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What a release would do, in a copy of what is committed: new versions and
// changelogs by changesets, a build, tarballs that publint and attw judge. Nothing
// is published, nothing here is changed. Prints the changelogs, for people to read.

const folder = mkdtempSync(join(tmpdir(), 'asoba-release-'))
const copy = join(folder, 'copy')
let faults = 0
const judge = (good: boolean, text: string): void => {
  if (!good) faults++
  console.log(`${good ? 'ok  ' : 'FAIL'} ${text}`)
}
const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { cwd: copy, encoding: 'utf8', timeout: 900_000 })

try {
  execFileSync('git', ['clone', '--quiet', '--shared', process.cwd(), copy])
  run('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile', '--prefer-offline'])
  const before = versions()
  run('npx', ['-y', 'pnpm@12', 'exec', 'changeset', 'version'])
  const after = versions()
  const [version] = new Set(after.values())
  judge(new Set(after.values()).size === 1, `all packages go to one version: ${version}`)
  judge(
    [...before].every(([name, old]) => after.get(name) !== old),
    'every package has a new version',
  )
  for (const name of after.keys()) {
    const path = join(copy, 'packages', name, 'CHANGELOG.md')
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const own = /^- [0-9a-f]{7,}: (.+)$/gm
    const lines = [...text.matchAll(own)].map(([, line = '']) => line)
    for (const line of lines) console.log(`     ${name}: ${line.slice(0, 100)}`)
  }
  run('npx', ['-y', 'pnpm@12', 'install', '--no-frozen-lockfile', '--prefer-offline'])
  run('npx', ['-y', 'pnpm@12', 'run', 'build'])
  const packed = run('npx', ['-y', 'pnpm@12', 'run', 'pack:check', join(folder, 'tarballs')])
  judge(/tarballs: all good/.test(packed), 'publint and attw find nothing in the tarballs')
  const tarballs = readdirSync(join(folder, 'tarballs'))
  judge(
    tarballs.length === after.size && tarballs.every((file) => file.includes(String(version))),
    `${tarballs.length} tarballs of ${version}`,
  )
  const nameless = manifests().filter(({ repository }) => repository === undefined)
  judge(
    manifests().every(
      ({ license, publishConfig }) =>
        license === 'Apache-2.0' && publishConfig?.access === 'public',
    ),
    'every package says its licence, and is public',
  )
  // Provenance says which workflow of which repository made a tarball: npm compares the manifest.
  console.log(
    `     provenance: publish from CI with an OIDC token and NPM_CONFIG_PROVENANCE=true; ${nameless.length} packages still have no repository in their manifest`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = faults === 0 ? 0 : 1

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly repository?: unknown
  readonly publishConfig?: { readonly access?: string }
}

function manifests(): readonly Manifest[] {
  return readdirSync(join(copy, 'packages')).map(
    (name) =>
      JSON.parse(readFileSync(join(copy, 'packages', name, 'package.json'), 'utf8')) as Manifest,
  )
}

function versions(): ReadonlyMap<string, string> {
  return new Map(manifests().map(({ name, version }) => [name.replace('@asoba/', ''), version]))
}
