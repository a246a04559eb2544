import type { WriteStream } from 'node:tty'

/** One step of the story as told to machines. */
export interface StepRecord {
  readonly step: string
  readonly ok: boolean
  readonly milliseconds: number
  readonly facts: Readonly<Record<string, unknown>>
}

/** Tells the story: to people line by line, to machines as one JSON document at the end. */
export interface Report {
  /** Runs a step, shows that it runs, and records what came of it. */
  step(title: string, run: (facts: Facts) => Promise<void>): Promise<void>
  /** Prints the closing line (or the JSON) and returns the exit code. */
  close(): number
}

/** What a step has to say. */
export interface Facts {
  /** A plain line. */
  say(text: string): void
  /** A fact: printed for people, kept for machines. */
  fact(name: string, value: unknown): void
  /** An expectation; one that is not met fails the step and the demo. */
  expect(what: string, met: boolean): void
}

/** A report on a stream; colours and the moving progress line only where a terminal is. */
export function createReport(
  stream: WriteStream,
  options: { readonly json: boolean; readonly colour: boolean },
): Report {
  const steps: StepRecord[] = []
  const paint = (code: number, text: string): string =>
    options.colour ? `\u001b[${code}m${text}\u001b[0m` : text
  const print = (text: string): void => {
    if (!options.json) stream.write(`${text}\n`)
  }
  const moving = !options.json && stream.isTTY === true
  const begun = performance.now()

  return {
    step: async (title, run) => {
      const start = performance.now()
      const facts: Record<string, unknown> = {}
      const lines: string[] = []
      let ok = true
      const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
      let frame = 0
      const timer = moving
        ? setInterval(() => {
            stream.write(`\r${paint(36, frames[frame++ % frames.length] ?? '')} ${title}`)
          }, 80)
        : undefined
      try {
        await run({
          say: (text) => lines.push(`  ${text}`),
          fact: (name, value) => {
            facts[name] = value
            const shown = typeof value === 'string' ? value : JSON.stringify(value)
            lines.push(`  ${paint(2, `${name}:`)} ${shown}`)
          },
          expect: (what, met) => {
            ok &&= met
            lines.push(`  ${met ? paint(32, '✓') : paint(31, '✗')} ${what}`)
          },
        })
      } catch (error) {
        ok = false
        facts['error'] = error instanceof Error ? error.message : 'unknown'
        lines.push(`  ${paint(31, '✗')} ${String(facts['error'])}`)
      } finally {
        clearInterval(timer)
      }
      const milliseconds = Math.round(performance.now() - start)
      if (moving) stream.write('\r\u001b[2K')
      steps.push({ step: title, ok, milliseconds, facts })
      print(
        `${ok ? paint(32, '●') : paint(31, '●')} ${paint(1, title)} ${paint(2, `${milliseconds} ms`)}`,
      )
      for (const line of lines) print(line)
      print('')
    },
    close: () => {
      const failed = steps.filter(({ ok }) => !ok).length
      const seconds = Number(((performance.now() - begun) / 1000).toFixed(2))
      if (options.json) {
        stream.write(`${JSON.stringify({ ok: failed === 0, seconds, steps }, null, 2)}\n`)
      } else {
        const counts = `${steps.length - failed} steps as they should be, ${failed} not`
        print(
          `${failed === 0 ? paint(32, counts) : paint(31, counts)} ${paint(2, `(${seconds} s)`)}`,
        )
      }
      return failed === 0 ? 0 : 1
    },
  }
}
