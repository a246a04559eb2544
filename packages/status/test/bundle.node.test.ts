import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('a verifier that checks token status lists carries no bitstring list and nothing that issues', async () => {
  const { metafile } = await build({
    stdin: {
      contents: "export { checkStatus, httpStatusSource, snapshotSource } from '@asoba/status'",
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
  })
  const [output] = Object.values(metafile.outputs)
  const carried = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.replace(/^.*packages\//, ''))
  expect(carried).toContain('status/src/check.ts')
  for (const path of carried) {
    expect(path).not.toMatch(/^status\/src\/(bitstring|token-issue|allocator|store|status-list)/)
    expect(path).not.toMatch(/^jwt\/src\/(verify-credential|judge|sign|x509|v1)/)
  }
})
