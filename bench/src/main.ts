import { benchBbs, benchPseudonym } from './bbs.ts'
import { benchDataIntegrity } from './data-integrity.ts'
import { benchJwt } from './jwt.ts'
import { benchParsers } from './parsers.ts'
import { benchReading } from './reading.ts'
import { benchSdJwt } from './sd-jwt.ts'
import { benchStatus } from './status.ts'

// Side by side in one process, so that the ratios hold on any machine. A name as
// argument runs only that part: jwt, sd-jwt, data-integrity, parsers, reading, status, bbs; of data-integrity
// a second one only that cryptosuite.
const only = process.argv[2]
const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  jwt: async () => {
    const first = await benchJwt('ES256')
    return (await benchJwt('EdDSA')) && first
  },
  'sd-jwt': benchSdJwt,
  'data-integrity': () => benchDataIntegrity(process.argv[3]),
  parsers: benchParsers,
  reading: benchReading,
  status: async () => {
    let met = true
    for (const entries of [131_072, 1_000_000, 10_000_000])
      met = (await benchStatus(entries)) && met
    return met
  },
  bbs: async () => {
    const first = await benchBbs(16)
    const second = await benchBbs(32)
    return (await benchPseudonym(1)) && (await benchPseudonym(16)) && first && second
  },
}
if (only !== undefined && !Object.hasOwn(parts, only)) {
  console.error(`unknown part; one of ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}
let met = true
for (const [name, run] of Object.entries(parts)) {
  if (only === undefined || only === name) met = (await run()) && met
}
console.log(met ? '\nall targets met' : '\nsome targets were missed')
