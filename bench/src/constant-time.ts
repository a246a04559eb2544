import { type G1Point, order, randomScalar, typescriptCurve } from '@asoba/bls12-381'

// Whether the time of the one function that sees secrets tells something about them, in the
// manner of dudect: two classes in random order, one of a fixed scalar and one of random ones,
// and Welch's t over what lies below a high quantile. Above 4.5 it tells something; below it
// nothing was seen, which proves nothing. Run by hand, on a machine that does nothing else.
const runs = Number(process.argv[2] ?? 4000)
const curve = typescriptCurve
const point = curve.sum([curve.g1], [randomScalar()])
const prepared = curve.prepare(point)
for (let use = 0; use < 50; use++)
  curve.sumSecret([point, prepared], [randomScalar(), randomScalar()])

const fixed: readonly (readonly [string, bigint])[] = [
  ['3', 3n],
  ['2^128', 1n << 128n],
  ['r - 1', order - 1n],
  ['one random scalar', randomScalar()],
]
for (const [how, base] of [
  ['prepared', prepared],
  ['not prepared', point],
] as const) {
  for (const [name, scalar] of fixed) console.log(`${how}, ${name}: ${report(base, scalar)}`)
}
console.log(`public sum, 3 (must be seen): ${report(point, 3n, curve.sum)}`)

function report(base: G1Point, scalar: bigint, multiply = curve.sumSecret): string {
  const times: [number[], number[]] = [[], []]
  const coins = crypto.getRandomValues(new Uint8Array(runs))
  const scalars = [...coins].map((coin) => (coin & 1 ? randomScalar() : scalar))
  for (const [at, each] of scalars.entries()) {
    const begun = process.hrtime.bigint()
    multiply([base], [each])
    const ns = Number(process.hrtime.bigint() - begun)
    times[(coins[at] as number) & 1]?.push(ns)
  }
  const limit = [...times[0], ...times[1]].sort((a, b) => a - b)[Math.floor(runs * 0.9)] as number
  const [a, b] = times.map((list) => moments(list.filter((ns) => ns < limit))) as [Moments, Moments]
  const t = (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count)
  const share = ((100 * (a.mean - b.mean)) / b.mean).toFixed(2)
  return `t = ${t.toFixed(1)}, ${share} % of ${(b.mean / 1000).toFixed(0)} µs`
}

interface Moments {
  readonly count: number
  readonly mean: number
  readonly variance: number
}

function moments(list: readonly number[]): Moments {
  const mean = list.reduce((sum, each) => sum + each, 0) / list.length
  const variance = list.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (list.length - 1)
  return { count: list.length, mean, variance }
}
