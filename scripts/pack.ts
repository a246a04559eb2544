import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { tarballs } from './tarballs.ts'

// Looks at what a user would install: packs every package and lets publint and
// attw judge the tarballs, not the sources. With a folder as argument the
// tarballs stay there, for whoever needs them next.
const [kept] = process.argv.slice(2)
const folder = kept ?? mkdtempSync(join(tmpdir(), 'asoba-pack-'))
let faults = 0
try {
  for (const [name, tarball] of tarballs(folder)) {
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
  if (kept === undefined) rmSync(folder, { recursive: true })
}
console.log(faults === 0 ? 'tarballs: all good' : `tarballs: ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1
