import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { issuances } from './services/issuance.ts'
import { people } from './services/people.ts'
import { type Served, start } from './services/protocol.ts'
import { verifications } from './services/verification.ts'

// Services under load, each server in a process of its own. Counted is the CPU time that the
// server's process used: what others do on the machine changes how long a run takes, and this
// less. A rate «per core» is what it could do if a core were its alone. Ours and the bare server
// take turns, so that what still changes is the same for both.
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

interface Sum {
  readonly cpu: number
  readonly seconds: number
  readonly p99: number
}

/** One server and what it did. */
class Measured {
  readonly kind: string
  readonly server: Served
  readonly #round: Round
  readonly #heaps: number[] = []
  readonly #sums = new Map<string, Sum>()
  errors = 0

  constructor(kind: string, server: Served, round: Round) {
    this.kind = kind
    this.server = server
    this.#round = round
  }

  async warmUp(): Promise<void> {
    this.errors += (await this.#round(this.server, count)).errors
    this.#heaps.push(await this.server.heap())
  }

  async turn(): Promise<void> {
    const { steps, errors } = await this.#round(this.server, count)
    this.#heaps.push(await this.server.heap())
    this.errors += errors
    for (const [name, step] of Object.entries(steps)) {
      const { cpu, seconds, p99 } = this.#sums.get(name) ?? { cpu: 0, seconds: 0, p99: 0 }
      this.#sums.set(name, {
        cpu: cpu + step.cpu,
        seconds: seconds + step.seconds,
        p99: Math.max(p99, step.p99),
      })
    }
  }

  /** CPU time of the server for one of them, in milliseconds. */
  get cpu(): number {
    return [...this.#sums.values()].reduce((sum, step) => sum + step.cpu, 0) / (rounds * count)
  }

  report(): void {
    const done = rounds * count
    const all = [...this.#sums.values()]
    const seconds = all.reduce((sum, step) => sum + step.seconds, 0)
    const rate = (done / seconds).toFixed(0)
    const perCore = (1000 / this.cpu).toFixed(0)
    console.log(`  ${this.kind}: ${perCore} per second and core; ${rate}/s as it ran`)
    for (const [name, step] of this.#sums) {
      const each = (step.cpu / done).toFixed(2)
      console.log(`    ${name.padEnd(12)} ${each.padStart(6)} ms of CPU; p99 ${step.p99} ms`)
    }
    const quarters = [0, 1, 2, 3, 4].map((part) => this.#heaps[Math.round((part * rounds) / 4)])
    console.log(
      `    heap: ${quarters.map(megabytes).join(', ')} MB by quarters of ${done * all.length} ` +
        `requests, ${megabytes(Math.max(...this.#heaps))} MB at most; errors: ${this.errors}`,
    )
  }

  /** What a leak would keep is there when nothing that was handed out is alive any more. */
  async reportRested(): Promise<void> {
    this.errors += (await this.#round(this.server, 1)).errors
    const heap = megabytes(await this.server.heap())
    console.log(`  ${this.kind}: heap after ${rest} s of rest: ${heap} MB`)
  }
}

function megabytes(bytes = 0): string {
  return (bytes / 1_048_576).toFixed(1)
}

async function compare(name: string, round: Round): Promise<boolean> {
  console.log(`\n${name}: ${rounds} rounds of ${count}`)
  const kinds = [`bare-${name}`, `our-${name}`]
  const servers = await Promise.all(kinds.map((kind) => start(kind)))
  try {
    const [bare, ours] = servers.map((server, at) => new Measured(kinds[at] ?? '', server, round))
    if (bare === undefined || ours === undefined) return false
    for (const each of [bare, ours]) await each.warmUp()
    for (let at = 0; at < rounds; at++) for (const each of [bare, ours]) await each.turn()
    for (const each of [bare, ours]) each.report()
    if (rest > 0) {
      await setTimeout(rest * 1000)
      for (const each of [bare, ours]) await each.reportRested()
    }
    const ratio = bare.cpu / ours.cpu
    const met = ratio >= 0.5 && bare.errors + ours.errors === 0
    console.log(
      `  ${met ? 'met   ' : 'MISSED'} ${ratio.toFixed(2)} of the bare server (target ≥ 0.5)`,
    )
    return met
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function everybody(): Promise<boolean> {
  const [issuer, verifier] = [await start('our-issuance'), await start('our-verification')]
  const { seconds, errors } = await people(issuer, verifier, Number(values.people))
  const [first, second] = [await issuer.cpu(), await verifier.cpu()]
  await Promise.all([issuer.stop(), verifier.stop()])
  console.log(
    `\n${values.people} people, issued to and verified: ${seconds.toFixed(1)} s, errors ${errors}`,
  )
  console.log(
    `  CPU: issuer ${(first / 1000).toFixed(1)} s, verifier ${(second / 1000).toFixed(1)} s`,
  )
  return errors === 0
}

const parts: readonly (readonly [name: string, run: () => Promise<boolean>])[] = [
  ['issuance', () => compare('issuance', issuances)],
  ['verification', () => compare('verification', verifications)],
  ['people', everybody],
]
let met = true
for (const [name, run] of parts) {
  if (only === undefined || only === name) met = (await run()) && met
}
console.log(met ? '\nall targets met' : '\nsome targets were missed')
