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
 * Times contenders in short turns within one process. A ratio is taken within each round, of what
 * was measured within the same instants, and the median of all rounds counts: on a machine that
 * others use too, the times change and the ratio hardly. Beside it stands the ratio of the fastest
 * fifth of everybody's turns, which is closest to a machine without others, and the ratio of the
 * processor time that all turns took, in all threads of the process. The order changes with
 * each round; nobody always comes after the one who leaves most garbage behind.
 *
 * @returns whether the median ratio to ours, which is the first contender, meets every target
 */
export async function compare(
  title: string,
  contenders: readonly Contender[],
  targets: readonly Target[],
  options: { readonly rounds?: number; readonly turnMs?: number; readonly warmUpMs?: number } = {},
): Promise<boolean> {
  const { rounds = 151, turnMs = 8, warmUpMs = 1500 } = options
  const batches: number[] = []
  for (const contender of contenders) {
    // Warm up until the optimiser had its say, and find how many runs fill a turn.
    const begun = performance.now()
    let runs = 0
    while (runs === 0 || performance.now() - begun < warmUpMs) {
      await times(contender, 1)
      runs++
    }
    batches.push(Math.max(1, Math.round((runs * turnMs) / (performance.now() - begun))))
  }
  const samples: number[][] = contenders.map(() => [])
  const processor: number[] = contenders.map(() => 0)
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + turn) % contenders.length
      const batch = batches[at] as number
      const used = process.cpuUsage()
      const begun = performance.now()
      await times(contenders[at] as Contender, batch)
      samples[at]?.push((performance.now() - begun) / batch)
      const { user, system } = process.cpuUsage(used)
      processor[at] = (processor[at] as number) + (user + system) / batch
    }
  }
  const ours = samples[0] as number[]
  /** How many times as long as ours: in the median round, and the fastest fifths. */
  const ratios = samples.map((theirs, at) => ({
    median: quantile(
      theirs.map((ms, round) => ms / (ours[round] as number)),
      0.5,
    ),
    quiet: quantile(theirs, 0.2) / quantile(ours, 0.2),
    processor: (processor[at] as number) / (processor[0] as number),
  }))
  console.log(`\n${title}`)
  for (const [at, { name }] of contenders.entries()) {
    const ms = quantile(samples[at] as number[], 0.5)
    const { median, quiet, processor: cpu } = ratios[at] as (typeof ratios)[0]
    const fastest =
      at === 0 ? '' : `   (fastest fifths ${quiet.toFixed(2)}, processor ${cpu.toFixed(2)})`
    console.log(
      `  ${name.padEnd(34)} ${(ms * 1000).toFixed(1).padStart(12)} µs   ${median.toFixed(2).padStart(8)} × ours${fastest}`,
    )
  }
  let met = true
  for (const target of targets) {
    const other = 'than' in target ? target.than : target.of
    const theirs = ratios[contenders.findIndex(({ name }) => name === other)] as (typeof ratios)[0]
    const ratio = 'than' in target ? theirs.median : 1 / theirs.median
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

/** What answers at once is not made to wait for its turn: that would cost it a tenth of a microsecond. */
async function times({ run }: Contender, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const answer = run()
    if (answer instanceof Promise) await answer
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * part)] as number
}
