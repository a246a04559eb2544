import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { issuances } from './services/issuance.ts'
import { people } from './services/people.ts'
import { type Served, start } from './services/protocol.ts'
import { verifications } from './services/verification.ts'

// Services under load, each server in a process of its own. Counted is the CPU time that the
// server's process used: what others do on the machine changes how long a run takes, and this
// hardly. A rate «per core» is what it could do if a core were its alone.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    count: { type: 'string', default: '250' },
    people: { type: 'string', default: '200' },
    rest: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const count = Number(values.count)
const rest = Number(values.rest)
const { only } = values

type Round = (server: Served, count: number) => ReturnType<typeof verifications>

interface Totals {
  /** CPU time of the server for one of them, in milliseconds. */
  readonly cpu: number
  readonly errors: number
}

async function measure(kind: string, round: Round): Promise<Totals> {
  const server = await start(kind)
  try {
    // Warm up.
    let errors = (await round(server, count)).errors
    const heaps: number[] = [await server.heap()]
    const sums: Record<string, { cpu: number; seconds: number; p99: number }> = {}
    for (let at = 0; at < rounds; at++) {
      const { steps, errors: failed } = await round(server, count)
      heaps.push(await server.heap())
      errors += failed
      for (const [name, step] of Object.entries(steps)) {
        const { cpu, seconds, p99 } = sums[name] ?? { cpu: 0, seconds: 0, p99: 0 }
        sums[name] = {
          cpu: cpu + step.cpu,
          seconds: seconds + step.seconds,
          p99: Math.max(p99, step.p99),
        }
      }
    }
    const done = rounds * count
    const all = Object.values(sums)
    const cpu = all.reduce((sum, step) => sum + step.cpu, 0) / done
    const seconds = all.reduce((sum, step) => sum + step.seconds, 0)
    const rate = (done / seconds).toFixed(0)
    console.log(`  ${kind}: ${(1000 / cpu).toFixed(0)} per second and core; ${rate}/s as it ran`)
    for (const [name, step] of Object.entries(sums)) {
      const each = (step.cpu / done).toFixed(2)
      console.log(`    ${name.padEnd(12)} ${each.padStart(6)} ms of CPU; p99 ${step.p99} ms`)
    }
    const megabytes = (bytes = 0): string => (bytes / 1_048_576).toFixed(1)
    const quarters = [0, 1, 2, 3, 4].map((part) => heaps[Math.round((part * rounds) / 4)])
    console.log(
      `    heap: ${quarters.map(megabytes).join(', ')} MB by quarters of ` +
        `${done * all.length} requests, ${megabytes(Math.max(...heaps))} MB at most; errors: ${errors}`,
    )
    if (rest > 0) {
      // What a leak would keep is what is there when nothing that was handed out is alive any more.
      await setTimeout(rest * 1000)
      errors += (await round(server, 1)).errors
      console.log(`    heap after ${rest} s of rest: ${megabytes(await server.heap())} MB`)
    }
    return { cpu, errors }
  } finally {
    await server.stop()
  }
}

const parts: readonly (readonly [name: string, round: Round])[] = [
  ['issuance', issuances],
  ['verification', verifications],
]
let met = true
for (const [name, round] of parts) {
  if (only !== undefined && only !== name) continue
  console.log(`\n${name}: ${rounds} rounds of ${count}`)
  const bare = await measure(`bare-${name}`, round)
  const ours = await measure(`our-${name}`, round)
  const ratio = bare.cpu / ours.cpu
  const ok = ratio >= 0.5 && ours.errors === 0
  console.log(`  ${ok ? 'met   ' : 'MISSED'} ${ratio.toFixed(2)} of the bare server (target ≥ 0.5)`)
  met &&= ok
}
if (only === undefined || only === 'people') {
  const [issuer, verifier] = [await start('our-issuance'), await start('our-verification')]
  const { seconds, errors } = await people(issuer, verifier, Number(values.people))
  const [first, second] = [await issuer.cpu(), await verifier.cpu()]
  console.log(
    `\n${values.people} people, issued to and verified: ${seconds.toFixed(1)} s, errors ${errors}`,
  )
  console.log(
    `  CPU: issuer ${(first / 1000).toFixed(1)} s, verifier ${(second / 1000).toFixed(1)} s`,
  )
  met &&= errors === 0
  await Promise.all([issuer.stop(), verifier.stop()])
}
console.log(met ? '\nall targets met' : '\nsome targets were missed')
