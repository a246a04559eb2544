import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

/**
 * Puts what the entries of a package share into one file, or two where the files behind `#x` share
 * something: those must not import what imports them. By itself esbuild makes a file for every set
 * of entries that share, and in Node a file costs more than the code in it: importing a verifier
 * took a fifth longer. It is led to fewer by letting every entry reach all that is shared; what a
 * bundler takes from that file is what it took from several.
 *
 * @param exported entries of `exports`, as paths in the package
 * @param chosen entries of `imports`
 */
export function fewFiles(exported: readonly string[], chosen: readonly string[]): Plugin {
  return {
    name: 'few-files',
    async setup({ onLoad, onResolve }) {
      const entries = [...exported, ...chosen]
      const reached = await modulesOf(entries)
      const reaching = (path: string): string[] =>
        entries.filter((entry) => reached.get(entry)?.includes(path))
      const shared = [...new Set([...reached.values()].flat())].filter(
        (path) => reaching(path).length > 1,
      )
      const below = shared.filter((path) => reaching(path).some((entry) => chosen.includes(entry)))

      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
        const entry = relative('.', path)
        if (!entries.includes(entry)) return undefined
        const contents = `${readFileSync(path, 'utf8')}\nimport 'shared:${entry}'\n`
        return { contents, loader: 'ts', resolveDir: dirname(path) }
      })
      onResolve({ filter: /^shared:/ }, ({ path }) => ({
        path: path.slice('shared:'.length),
        namespace: 'shared',
        sideEffects: true,
      }))
      onLoad({ filter: /^/, namespace: 'shared' }, ({ path: entry }) => ({
        contents: (chosen.includes(entry) ? below : shared)
          .map((path) => `import ${JSON.stringify(resolve(path))}`)
          .join('\n'),
        resolveDir: '.',
      }))
      onResolve({ filter: /^/, namespace: 'shared' }, ({ path }) => ({ path, sideEffects: true }))
    },
  }
}

/** The modules of the package that each entry reaches. */
async function modulesOf(
  entries: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: [...entries],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    packages: 'external',
    external: ['#*'],
    outdir: 'dist',
  })
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint = '', inputs }) => [
      entryPoint,
      Object.keys(inputs),
    ]),
  )
}
