import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

function run(
  ...args: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, out, err) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
        out,
        err,
      }),
    )
  })
}

// The whole story, on whatever machine: a limit against hanging, not a measurement.
const patience = 120_000

test('the demo ends well, and tells machines every step', { timeout: patience }, async () => {
  const { code, out } = await run('--json')
  const { ok, steps } = JSON.parse(out) as {
    readonly ok: boolean
    readonly steps: readonly {
      readonly step: string
      readonly ok: boolean
      readonly facts: Readonly<Record<string, unknown>>
    }[]
  }
  expect(steps.filter((step) => !step.ok)).toEqual([])
  expect({ ok, code, count: steps.length }).toEqual({ ok: true, code: 0, count: 13 })
  const facts = Object.assign({}, ...steps.map((step) => step.facts)) as Record<string, unknown>
  expect(facts['counted']).toEqual({ yes: 4, no: 2, 'I do not mind': 1 })
  expect(facts['the same in both']).not.toMatch(/pseudonym|proofValue|\bid\b/)
})

test('the demo tells people the same, in lines that fit a page', {
  timeout: patience,
}, async () => {
  const { code, out } = await run('--no-colour')
  expect(code).toBe(0)
  expect(out).toContain('13 steps as they should be, 0 not')
  expect(out).not.toContain('✗')
  const table = out.split('\n').filter((line) => /first clinic: she|^ {4}pseudonym/.test(line))
  expect(table).toHaveLength(2)
  for (const line of table) expect(line.length).toBeLessThan(100)
})

test('the demo refuses an argument that it does not know', async () => {
  const { code, err } = await run('--nonsense')
  expect(code).toBe(2)
  expect(err).toContain('Usage')
})

test('the demo helps', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  expect(out).toContain('--json')
})
