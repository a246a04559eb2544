import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// One configuration for every package: the entries are what its package.json
// exports (`./src/x.ts`) and what its `imports` choose between (`#x`), so that
// a new subpath needs no second list. Types come from `tsc -b`.
interface Manifest {
  readonly exports?: Readonly<Record<string, string>>
  readonly imports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const targets = [
  ...Object.values(manifest.exports ?? {}),
  ...Object.values(manifest.imports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  ),
]

export default defineConfig({
  entry: [...new Set(targets.filter((path) => path.startsWith('./src/')))].map((path) =>
    path.slice(2),
  ),
  format: 'esm',
  target: 'es2024',
  platform: 'neutral',
  // Entries share chunks, so a class is one class whichever subpath it came from.
  splitting: true,
  dts: false,
  sourcemap: true,
  external: [/^#/, /^node:/],
  outDir: 'dist',
})
