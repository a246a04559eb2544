import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { listFiles, readText, vectorsFolder } from './testing/src/files.node.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether the folder of others' test vectors is there, and whether it must be. */
    readonly vectors: { readonly present: boolean; readonly required: boolean }
  }
}

const provide = {
  vectors: {
    present: existsSync(vectorsFolder()),
    required: process.env['ASOBA_VECTORS_REQUIRED'] === '1',
  },
}
const include = ['packages/*/test/**/*.test.ts']
// The Chromium that npm carries, so that no machine needs one of its own.
const executablePath = process.env['CHROMIUM'] ?? (await sparticuz.executablePath())

/**
 * Every dependency of ours that a page loads: found in the middle of a run, it would
 * make the page reload and the run fail on a fresh clone.
 */
function prebundled(): string[] {
  const found = new Set(['vitest > expect-type', 'fast-check'])
  const importOf =
    /from '((?:@noble|@cfworker|dcql|jose|multiformats|@peculiar|reflect-metadata|fast-check|jsonld|rdf-canonize|cborg|@veramo)[^']*)'/g
  for (const file of globSync('packages/*/{src,test}/**/*.ts')) {
    if (/\.node(\.test)?\.ts$/.test(file)) continue
    const owner = file.split('/')[1]
    for (const [, name] of readFileSync(file, 'utf8').matchAll(importOf)) {
      found.add(`@asoba/${owner} > ${name}`)
    }
  }
  return [...found]
}

export default defineConfig({
  test: {
    reporters: process.env['CI'] === undefined ? ['default'] : [['default', { summary: false }]],
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: [
            ...include,
            'interop/test/**/*.test.ts',
            'testing/test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
          ],
          testTimeout: 30_000,
          // Hooks start services and browsers, on two cores beside other tests.
          hookTimeout: 60_000,
          provide,
        },
      },
      {
        server: { fs: { allow: [resolve('.')] } },
        optimizeDeps: { include: prebundled() },
        test: {
          name: 'browser',
          include,
          exclude: ['**/*.node.test.ts', '**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          provide,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: {
              readVector: (_context, path: string) => readText(path),
              listVectors: (_context, folder: string) => listFiles(folder),
            },
            provider: playwright({
              launchOptions: {
                executablePath,
                args: [
                  '--no-sandbox',
                  '--disable-gpu',
                  '--no-first-run',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
