import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

// Looks at what a user would install: packs every package and lets publint and
// attw judge the tarballs, not the sources.
const folder = mkdtempSync(join(tmpdir(), 'asoba-pack-'))
let faults = 0
try {
  for (const name of readdirSync('packages')) {
    const directory = resolve('packages', name)
    const out = join(folder, name)
    mkdirSync(out)
    execFileSync('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', out], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const tarball = join(out, readdirSync(out)[0] as string)
    const { messages, pkg } = await publint({
      // A copy: a small file lies in a buffer that Node shares.
      pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer },
      strict: true,
    })
    for (const message of messages) {
      faults++
      console.error(`${name}: ${formatMessage(message, pkg) ?? message.code}`)
    }
    try {
      execFileSync('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii'], {
        encoding: 'utf8',
      })
    } catch (error) {
      faults++
      console.error(String((error as { readonly stdout?: unknown }).stdout ?? error))
    }
    console.log(`packed and checked @asoba/${name}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
console.log(faults === 0 ? 'tarballs: all good' : `tarballs: ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1
