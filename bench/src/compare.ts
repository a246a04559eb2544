/** One of several ways to do the same work. */
export interface Contender {
  readonly name: string
  run(): unknown
}

/** What is demanded of ours: `ours × factor <= other` (at least so many times faster) or `ours <= other × factor`. */
export type Target =
  | { readonly faster: number; readonly than: string }
  | { readonly within: number; readonly of: string }

/**
 * Times contenders in interleaved rounds within one process and prints medians
 * and ratios to the first one, which is ours. Ratios travel between machines,
 * absolute times do not.
 *
 * @returns whether every target was met
 */
export async function compare(
  title: string,
  contenders: readonly Contender[],
  targets: readonly Target[],
  options: { readonly rounds?: number; readonly roundMs?: number } = {},
): Promise<boolean> {
  const { rounds = 15, roundMs = 60 } = options
  const batches: number[] = []
  for (const contender of contenders) {
    // Warm up until the optimiser had its say, and find how many runs fill a round.
    const begun = performance.now()
    let runs = 0
    do {
      await contender.run()
      runs++
    } while (performance.now() - begun < roundMs * 3)
    batches.push(Math.max(1, Math.round(runs / 3)))
  }
  const samples: number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      const batch = batches[at] as number
      const begun = performance.now()
      for (let run = 0; run < batch; run++) await contender.run()
      samples[at]?.push((performance.now() - begun) / batch)
    }
  }
  const medians = samples.map(median)
  const ours = medians[0] as number
  console.log(`\n${title}`)
  for (const [at, { name }] of contenders.entries()) {
    const ms = medians[at] as number
    console.log(
      `  ${name.padEnd(34)} ${(ms * 1000).toFixed(1).padStart(12)} µs   ${(ms / ours).toFixed(2).padStart(8)} × ours`,
    )
  }
  let met = true
  for (const target of targets) {
    const other = 'than' in target ? target.than : target.of
    const ms = medians[contenders.findIndex(({ name }) => name === other)] as number
    const ratio = 'than' in target ? ms / ours : ours / ms
    const ok = 'than' in target ? ratio >= target.faster : ratio <= target.within
    const text =
      'than' in target
        ? `${ratio.toFixed(2)} × faster than ${other} (target ≥ ${target.faster})`
        : `${ratio.toFixed(2)} × the time of ${other} (target ≤ ${target.within})`
    console.log(`  ${ok ? 'met   ' : 'MISSED'} ${text}`)
    met &&= ok
  }
  return met
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}
