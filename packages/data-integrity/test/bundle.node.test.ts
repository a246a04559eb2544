import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('a page that has all of it has nothing that could reach the network', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
  })
  const inputs = Object.keys(metafile.inputs)
  expect(inputs.some((file) => file.includes('jsonld/lib/expand.js'))).toBe(true)
  expect(
    inputs.filter((file) => /documentLoaders|http-client|jsonld\/lib\/jsonld/.test(file)),
  ).toEqual([])
  expect(outputFiles[0]?.text).not.toMatch(/XMLHttpRequest|\bfetch\(|WebSocket|node:/)
})
