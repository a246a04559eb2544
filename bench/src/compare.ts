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
 * Times contenders in turns within one process and prints medians, and of every
 * round the ratio to ours, which is the first one: median and quartiles. What was
 * measured within the same instants is compared, so that a machine that others use
 * too changes the absolute times and hardly the ratios. The order changes with each
 * round; nobody always comes after the one who leaves most garbage behind.
 *
 * @returns whether the median ratio meets every target
 */
export async function compare(
  title: string,
  contenders: readonly Contender[],
  targets: readonly Target[],
  options: { readonly rounds?: number; readonly turnMs?: number; readonly warmUpMs?: number } = {},
): Promise<boolean> {
  const { rounds = 41, turnMs = 20, warmUpMs = 1500 } = options
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
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + turn) % contenders.length
      const batch = batches[at] as number
      const begun = performance.now()
      await times(contenders[at] as Contender, batch)
      samples[at]?.push((performance.now() - begun) / batch)
    }
  }
  const ours = samples[0] as number[]
  /** How many times as long as ours the others take, round by round. */
  const ratios = samples.map((of) => of.map((ms, round) => ms / (ours[round] as number)))
  console.log(`\n${title}`)
  for (const [at, { name }] of contenders.entries()) {
    const ms = quantile(samples[at] as number[], 0.5)
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) =>
      quantile(ratios[at] as number[], part).toFixed(2),
    )
    const spread = at === 0 ? '' : `  (${low}–${high})`
    console.log(
      `  ${name.padEnd(34)} ${(ms * 1000).toFixed(1).padStart(12)} µs   ${middle?.padStart(8)} × ours${spread}`,
    )
  }
  let met = true
  for (const target of targets) {
    const other = 'than' in target ? target.than : target.of
    const theirs = quantile(
      ratios[contenders.findIndex(({ name }) => name === other)] as number[],
      0.5,
    )
    const ratio = 'than' in target ? theirs : 1 / theirs
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
