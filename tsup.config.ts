import { globSync, readFileSync, rmSync } from 'node:fs'
import { defineConfig } from 'tsup'
import { fewFiles } from './scripts/few-files.ts'

// One configuration for every package: the entries are what its package.json
// exports (`./src/x.ts`) and what its `imports` choose between (`#x`), so that
// a new subpath needs no second list. Types come from `tsc -b`.
interface Manifest {
  readonly exports?: Readonly<Record<string, string>>
  readonly imports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const entriesOf = (targets: readonly string[]): string[] =>
  [...new Set(targets.filter((path) => path.startsWith('./src/')))].map((path) => path.slice(2))
const exported = entriesOf(Object.values(manifest.exports ?? {}))
const chosen = entriesOf(
  Object.values(manifest.imports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  ),
)

// What former builds left under other names would be packed too.
for (const file of globSync('dist/**/*.js{,.map}')) rmSync(file)

export default defineConfig({
  entry: [...exported, ...chosen],
  format: 'esm',
  target: 'es2024',
  platform: 'neutral',
  // Entries share chunks, so a class is one class whichever subpath it came from.
  splitting: true,
  esbuildPlugins: [fewFiles(exported, chosen)],
  dts: false,
  sourcemap: true,
  external: [/^#/, /^node:/],
  outDir: 'dist',
})
