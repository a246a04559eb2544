import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Where the vectors written by others lie: `ASOBA_VECTORS`, else beside the checkout. */
export function vectorsFolder(): string {
  return resolve(root, process.env['ASOBA_VECTORS'] ?? '../shared/vectors')
}

function inside(path: string): string {
  const full = resolve(vectorsFolder(), path)
  if (full !== vectorsFolder() && !full.startsWith(vectorsFolder() + sep)) {
    throw new TypeError('a vector path must stay inside the vectors folder')
  }
  return full
}

/** Text of one vector file, its path relative to the vectors folder. */
export function readText(path: string): string {
  return readFileSync(inside(path), 'utf8')
}

/** All files under a folder, sorted, relative to the vectors folder, with `/`. */
export function listFiles(folder: string): string[] {
  const found: string[] = []
  const walk = (directory: string): void => {
    for (const name of readdirSync(directory).sort()) {
      const path = join(directory, name)
      if (statSync(path).isDirectory()) walk(path)
      else found.push(relative(vectorsFolder(), path).split(sep).join('/'))
    }
  }
  walk(inside(folder))
  return found
}
