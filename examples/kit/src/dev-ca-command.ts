import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDevCa } from './dev-ca.ts'

const help = `A certificate authority for development: one root, and a certificate for each host.

Usage: npm run dev-ca -- [--out folder] host…

  --out   where root.pem and one <host>.json each are written; dev-ca when left out
          (CERTIFICATE_FILE of a service is one of the latter)
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'dev-ca' }, help: { type: 'boolean', short: 'h' } },
})
if (values.help === true || positionals.length === 0) {
  process.stdout.write(help)
  process.exitCode = values.help === true ? 0 : 2
} else {
  const ca = await createDevCa()
  await mkdir(values.out, { recursive: true, mode: 0o700 })
  await writeFile(join(values.out, 'root.pem'), `${ca.rootPem}\n`)
  for (const host of positionals) {
    const certified = await ca.issue(host)
    await writeFile(join(values.out, `${host}.json`), JSON.stringify(certified), { mode: 0o600 })
  }
  process.stdout.write(`root.pem and ${positionals.length} certificates are in ${values.out}\n`)
}
