import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { codeIn } from '../testing/src/markdown.node.ts'
import { tarballs } from './tarballs.ts'

// Whether agents compile with what is published: npm installs the tarballs beside
// Veramo and a did-resolver of the application's own, and `tsc` is as strict as
// it can be about every declaration file. Veramo itself brings did-resolver 4.1.
// With a folder as argument, the tarballs in it are taken.

const resolvers = ['4.1.0', '6.0.0']
const veramo = [
  ...['core', 'credential-jwt', 'credential-w3c', 'did-manager', 'did-provider-key'],
  ...['did-resolver', 'key-manager'],
]
const sample = `
import { didResolver, key, jwk } from '@asoba/did'
import { snapshotSource } from '@asoba/status'
import { agentResolver, asobaCredentials, asobaKms, didJwkProvider, type MethodsOf, sdJwtProvider, vcJwtProvider } from '@asoba/veramo'
import { createAgent, type IDIDManager, type IKeyManager, type IResolver } from '@veramo/core'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore } from '@veramo/key-manager'
import { type Resolvable, Resolver } from 'did-resolver'

const policy = { types: [], trust: 'any-did', status: { source: snapshotSource({}), policy: 'required' }, clockTolerance: 60, maxProofAge: 300 } as const
const providers = [sdJwtProvider(policy), vcJwtProvider(policy)]
const ours = asobaCredentials({ providers, policy })
// The application's own resolver, of its own version, as ours; and ours as its own.
const own = new Resolver({})
agentResolver({ resolveDid: ({ didUrl }) => own.resolve(didUrl) })
export const asOwn: Resolvable = didResolver({ methods: [key, jwk] })
export const stock = new CredentialPlugin(providers)
export const agent = createAgent<IKeyManager & IDIDManager & IResolver & MethodsOf<[typeof ours]>>({
  plugins: [
    new KeyManager({ store: new MemoryKeyStore(), kms: { asoba: asobaKms({ vault: 'process' }) } }),
    new DIDManager({ store: new MemoryDIDStore(), defaultProvider: 'did:jwk', providers: { 'did:jwk': didJwkProvider({ defaultKms: 'asoba' }) } }),
    new DIDResolverPlugin({ key: async (did: string) => (await didResolver({ methods: [key] }).resolve(did)) as never }),
    ours,
  ],
})
`
const options = {
  target: 'ES2024',
  lib: ['ES2024', 'DOM'],
  types: [],
  module: 'NodeNext',
  strict: true,
  noEmit: true,
  skipLibCheck: false,
}

const [given] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'asoba-veramo-'))
let faults = 0
try {
  const packed = tarballs(given ?? join(folder, 'tarballs'))
  for (const version of resolvers) {
    const app = join(folder, version)
    mkdirSync(app)
    const ours = Object.fromEntries(
      [...packed].map(([name, path]) => [`@asoba/${name}`, `file:${path}`]),
    )
    const write = (name: string, content: string | object): void =>
      writeFileSync(
        join(app, name),
        typeof content === 'string' ? content : JSON.stringify(content),
      )
    write('package.json', {
      private: true,
      type: 'module',
      dependencies: {
        ...Object.fromEntries(
          ['did', 'status', 'veramo', 'verifier'].map((name) => [
            `@asoba/${name}`,
            ours[`@asoba/${name}`],
          ]),
        ),
        ...Object.fromEntries(veramo.map((name) => [`@veramo/${name}`, '7.0.1'])),
        'did-resolver': version,
      },
      overrides: ours,
    })
    write('sample.ts', sample)
    write('guide.ts', codeIn(pathToFileURL(resolve('docs/guides/veramo.md'))))
    write('readme.ts', codeIn(pathToFileURL(resolve('packages/veramo/README.md'))))
    write('tsconfig.json', {
      compilerOptions: options,
      files: ['sample.ts', 'guide.ts', 'readme.ts'],
    })
    const run = (command: string, args: readonly string[]): void => {
      execFileSync(command, args, { cwd: app, encoding: 'utf8', timeout: 300_000 })
    }
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
    try {
      run('tsc', ['-p', '.'])
      console.log(`ok   compiles beside did-resolver ${version}, declaration files checked`)
    } catch (error) {
      faults++
      console.error(`FAIL beside did-resolver ${version}`)
      console.error(String((error as { readonly stdout?: unknown }).stdout ?? error))
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = faults === 0 ? 0 : 1
