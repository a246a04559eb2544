import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Arrows only point down. What a package may import of ours, and nothing else;
// an import that is not in this table is a change of the architecture.
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  did: ['core'],
  credentials: ['core'],
  jwt: ['core', 'did'],
  'sd-jwt': ['core', 'did', 'jwt'],
  status: ['core', 'did', 'jwt'],
  'bls12-381': ['core'],
  'data-integrity': ['core', 'did'],
  bbs: ['core', 'did', 'bls12-381', 'data-integrity'],
  issuer: ['core', 'status'],
  wallet: ['core'],
  verifier: ['core', 'did', 'jwt', 'status'],
  openid4vc: ['core', 'did', 'jwt', 'issuer', 'wallet', 'verifier'],
  veramo: [
    'core',
    'did',
    'jwt',
    'sd-jwt',
    'status',
    'data-integrity',
    'bbs',
    'issuer',
    'wallet',
    'verifier',
  ],
}

const faults: string[] = []
const importOf = /(?:from|import)\s*\(?\s*['"](@asoba\/([a-z0-9-]+)[^'"]*|\.\.?\/[^'"]*)['"]/g

for (const name of readdirSync('packages')) {
  const down = allowed[name]
  if (down === undefined) {
    faults.push(`packages/${name}: not in the table of layers (scripts/layers.ts)`)
    continue
  }
  const manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>
  }
  // The whole public surface, to be seen at a glance.
  const surface = readFileSync(`packages/${name}/src/index.ts`, 'utf8').trimEnd().split('\n')
  if (surface.length > 40) faults.push(`packages/${name}/src/index.ts: more than 40 lines`)
  const declared = Object.keys(manifest.dependencies ?? {})
  for (const file of sourcesOf(`packages/${name}/src`)) {
    for (const match of readFileSync(file, 'utf8').matchAll(importOf)) {
      const [, specifier = '', target] = match
      if (target === undefined) {
        const up = specifier.split('/').filter((part) => part === '..').length
        const depth = file.split('/').length - 4
        if (up > depth) faults.push(`${file}: leaves its package by a relative path (${specifier})`)
      } else if (target === name) {
        faults.push(`${file}: imports its own package by name`)
      } else if (!down.includes(target)) {
        faults.push(`${file}: ${name} may not import ${target} (arrows only point down)`)
      } else if (!declared.includes(`@asoba/${target}`)) {
        faults.push(`${file}: ${specifier} is not among the dependencies of ${name}`)
      }
    }
  }
}

for (const fault of faults) console.error(fault)
console.log(
  faults.length === 0 ? 'layers: every arrow points down' : `layers: ${faults.length} faults`,
)
process.exitCode = faults.length === 0 ? 0 : 1

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesOf(path)
    return path.endsWith('.ts') ? [path] : []
  })
}
