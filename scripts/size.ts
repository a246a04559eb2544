import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

// What an application that embeds a module pays: bundled for browsers, minified,
// gzipped at level 9. A budget is a promise to those who embed us; raise one only
// with a reason in the commit.
interface Budget {
  readonly name: string
  readonly limit: number
  readonly code: string
  /** Where its imports resolve; the demo, which has the roles and the formats, when left out. */
  readonly from?: string
}

const kB = 1000
const budgets: readonly Budget[] = [
  {
    name: 'verifier: SD-JWT VC + DCQL + trust + status + did:key/jwk/web',
    limit: 25 * kB,
    code: `
      export { createVerifier, trustedIssuers, issuerKeys, memoryReplay } from '@asoba/verifier'
      export { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
      export { didResolver, key, jwk, web } from '@asoba/did'
      export { httpStatusSource } from '@asoba/status/token'
    `,
  },
  {
    name: 'the same verifier with BBS credentials of a nation',
    limit: 60 * kB,
    code: `
      export { createVerifier, trustedIssuers, issuerKeys, memoryReplay } from '@asoba/verifier'
      export { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
      export { bbs2023Verifying } from '@asoba/bbs/verifying'
      export { didResolver, key, jwk, web } from '@asoba/did'
      export { httpStatusSource } from '@asoba/status/token'
    `,
  },
  {
    name: 'the same verifier with SD-JWT VC on the web: OpenID4VP 1.0, HAIP, Digital Credentials API',
    limit: 45 * kB,
    from: 'examples/verifier-service',
    code: `
      export { createPresentationServer } from '@asoba/openid4vc/verifier'
      export { createVerifier, trustedIssuers, issuerKeys, memoryReplay } from '@asoba/verifier'
      export { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
      export { createSeal } from '@asoba/core/seal'
      export { didResolver, key, jwk, web } from '@asoba/did'
      export { httpStatusSource } from '@asoba/status/token'
    `,
  },
  {
    name: 'credentials of a Veramo agent: SD-JWT VC and vc+jwt, issue and verify, no code of Veramo',
    limit: 42 * kB,
    code: `
      export { asobaCredentials, sdJwtProvider, vcJwtProvider } from '@asoba/veramo'
    `,
  },
]

let failed = 0
for (const { name, limit, code, from = 'examples/demo' } of budgets) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: from, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    legalComments: 'none',
  })
  const size = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length
  const fits = size <= limit
  if (!fits) failed++
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${(size / kB).toFixed(1).padStart(6)} of ${(limit / kB).toFixed(0)} kB gzip  ${name}`,
  )
}
process.exitCode = failed === 0 ? 0 : 1
