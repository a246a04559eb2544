import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * The tarballs of all packages as pnpm would publish them, by package name. They are made in
 * `folder`; where they lie there already, they are taken as they are. Build first.
 */
export function tarballs(folder: string): ReadonlyMap<string, string> {
  const out = resolve(folder)
  mkdirSync(out, { recursive: true })
  const found = (): string[] => readdirSync(out).filter((file) => file.endsWith('.tgz'))
  if (found().length === 0) {
    const pack = ['-r', '--filter', './packages/*', 'pack', '--pack-destination', out]
    execFileSync('npx', ['-y', 'pnpm@12', ...pack], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const files = found()
  return new Map(
    readdirSync('packages').map((name) => {
      const file = files.find((each) => /^asoba-(.*)-\d+\.\d+\.\d+/.exec(each)?.[1] === name)
      if (file === undefined) throw new Error(`no tarball of @asoba/${name} in the folder`)
      return [name, join(out, file)]
    }),
  )
}
