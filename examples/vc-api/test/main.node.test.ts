import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const started: ChildProcess[] = []
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let out = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += String(chunk)
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    child,
    ended,
    text: () => out,
    /** The first line that matches, as soon as it is there. */
    line: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const found = out.split('\n').find((one) => pattern.test(one))
          if (found !== undefined) resolve(found)
        }
        listeners.add(look)
        look()
        void ended.then(() => reject(new Error('it ended before')))
      }),
  }
}

test('helps', async () => {
  const { ended, text } = start('--help')
  expect(await ended).toBe(0)
  expect(text()).toContain('--trust')
})

test.each([
  ['--nonsense'],
  ['--port', '70000'],
  ['--trust', 'everybody'],
  ['--tls-cert', 'only.pem'],
  ['--contexts', '/nowhere.json'],
])('says how it is used instead of %s %s', async (...args) => {
  const { ended, text } = start(...args.filter((one) => one !== undefined))
  expect(await ended).toBe(2)
  expect(text()).toContain('Usage')
})

test('prints its address, logs what it answers, and ends when asked', async () => {
  const { child, ended, line } = start('--port', '0')
  const base = await line(/^http:\/\/127\.0\.0\.1:\d+$/)
  const did = 'did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b'
  expect((await fetch(`${base}/1.0/identifiers/${did}`)).status).toBe(200)
  expect(await line(/^GET/)).toMatch(/^GET \/1\.0\/identifiers\/\{did\} 200 \d+$/)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})
