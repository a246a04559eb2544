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

test('the demo ends well, and tells machines every step', async () => {
  const { code, out } = await run('--json')
  const { ok, steps } = JSON.parse(out) as {
    readonly ok: boolean
    readonly steps: readonly { readonly step: string; readonly ok: boolean }[]
  }
  expect(steps.filter((step) => !step.ok)).toEqual([])
  expect({ ok, code, count: steps.length }).toEqual({ ok: true, code: 0, count: 10 })
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
