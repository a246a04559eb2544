import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withRsa } from '@asoba/did/rsa'
import { afterAll, expect, test } from 'vitest'
import { verifyChain } from '../src/x509.ts'
import {
  at,
  type Hash,
  type KeyKind,
  type Made,
  make,
  nameConstraints,
  nameDer,
  type Wish,
  x509,
} from './certificates.ts'

// A few hundred paths, good ones and spoilt ones, judged by this library, by node:crypto and, where
// it is installed, by `openssl verify`. Where the standard lets the three differ, the way of
// spoiling says so.

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'paths-'))
afterAll(() => rm(folder, { recursive: true }))
const version = await run('openssl', ['version']).catch(() => undefined)
if (version === undefined) console.warn('openssl is not installed: its half was not run')

interface Path {
  readonly what: string
  readonly leaf: Made
  /** From the leaf's issuer upwards, without the anchor. */
  readonly middle: readonly Made[]
  readonly root: Made
  /** What OpenSSL says, where it is not what we say: with the reason in `spoilings`. */
  readonly openssl?: boolean
  /** node:crypto judges links, not paths: where that is all that is spoilt it sees nothing. */
  readonly links?: boolean
}

type Spoiling = (rungs: Rungs) => Promise<Omit<Path, 'what'>>
interface Rungs {
  readonly root: Made
  readonly upper: Made
  readonly lower: Made
  readonly leaf: (wish?: Partial<Wish>) => Promise<Made>
  readonly authority: (by: Made, wish?: Partial<Wish>) => Promise<Made>
}

const flags = x509.KeyUsageFlags
const past = { notAfter: new Date('2026-02-28T00:00:00Z') }
const future = { notBefore: new Date('2026-03-02T00:00:00Z') }
const unknownCritical = new x509.Extension('1.2.3.4', true, new Uint8Array([5, 0]))
const dns = (value: string) => ({ names: [{ type: 'dns' as const, value }] })
const constrained = (permitted: string, excluded?: string) =>
  nameConstraints([[0x82, permitted]], excluded === undefined ? [] : [[0x82, excluded]])

/** Each spoils one thing of a path of four, or nothing. */
const spoilings: Readonly<Record<string, Spoiling>> = {
  nothing: async ({ root, upper, lower, leaf }) => ({
    leaf: await leaf(),
    middle: [lower, upper],
    root,
  }),
  'nothing, and one authority': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper }),
    middle: [upper],
    root,
  }),
  'nothing, and no authority': async ({ root, leaf }) => ({
    leaf: await leaf({ by: root }),
    middle: [],
    root,
  }),
  'nothing, and a path length that is enough': async ({ root, lower, authority, leaf }) => {
    const upper = await authority(root, { pathLength: 1, name: lower.name })
    const ca = await authority(upper, { pathLength: 0 })
    return { leaf: await leaf({ by: ca }), middle: [ca, upper], root }
  },
  'nothing, and a name as it must be': async ({ root, authority, leaf }) => {
    const ca = await authority(root, { extensions: [constrained('nation.example')] })
    return { leaf: await leaf({ by: ca, ...dns('a.nation.example') }), middle: [ca], root }
  },
  'nothing, and names in another case': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper, issuerName: upper.name.toUpperCase() }),
    middle: [upper],
    root,
  }),
  'a leaf that has expired': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper, ...past }),
    middle: [upper],
    root,
  }),
  'a leaf that is not valid yet': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper, ...future }),
    middle: [upper],
    root,
  }),
  'an authority that has expired': async ({ root, authority, leaf }) => {
    const ca = await authority(root, past)
    return { leaf: await leaf({ by: ca }), middle: [ca], root }
  },
  'an anchor that has expired': async ({ authority, leaf }) => {
    const root = await authority(undefined as never, { ...past, name: 'CN=Old root' })
    return { leaf: await leaf({ by: root }), middle: [], root }
  },
  'an issuer that is no authority': async ({ root, authority, leaf }) => {
    const ca = await authority(root, { ca: false })
    return { leaf: await leaf({ by: ca }), middle: [ca], root }
  },
  'an issuer that may not sign certificates': async ({ root, authority, leaf }) => {
    const ca = await authority(root, { usages: flags.digitalSignature })
    return { leaf: await leaf({ by: ca }), middle: [ca], root }
  },
  'a path longer than an authority allows': async ({ root, authority, leaf }) => {
    const upper = await authority(root, { pathLength: 0 })
    const ca = await authority(upper, { name: 'CN=Below' })
    return { leaf: await leaf({ by: ca }), middle: [ca, upper], root, links: true }
  },
  'a gap': async ({ root, lower, leaf }) => ({ leaf: await leaf(), middle: [lower], root }),
  'another anchor of the name': async ({ root, upper, leaf, authority }) => ({
    leaf: await leaf({ by: upper }),
    middle: [upper],
    root: await authority(undefined as never, { name: root.name, kind: root.kind }),
  }),
  'another key of the authority’s name': async ({ root, upper, leaf }) => {
    const impostor = await make({ name: upper.name, ca: true, kind: upper.kind })
    return { leaf: await leaf({ by: impostor, authority: upper }), middle: [upper], root }
  },
  'another issuer’s name': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper, issuerName: 'CN=Somebody else' }),
    middle: [upper],
    root,
  }),
  'another issuer’s key identifier': async ({ root, upper, lower, leaf }) => ({
    leaf: await leaf({ by: upper, authority: lower }),
    middle: [upper],
    root,
  }),
  'an unknown critical extension of the leaf': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper, extensions: [unknownCritical] }),
    middle: [upper],
    root,
    links: true,
  }),
  'an unknown critical extension of an authority': async ({ root, authority, leaf }) => {
    const ca = await authority(root, { extensions: [unknownCritical] })
    return { leaf: await leaf({ by: ca }), middle: [ca], root, links: true }
  },
  'a name that an authority does not permit': async ({ root, authority, leaf }) => {
    const ca = await authority(root, { extensions: [constrained('nation.example')] })
    return {
      leaf: await leaf({ by: ca, ...dns('evilnation.example') }),
      middle: [ca],
      root,
      links: true,
    }
  },
  'a name that an authority excludes': async ({ root, authority, leaf }) => {
    const extensions = [constrained('nation.example', 'a.nation.example')]
    const ca = await authority(root, { extensions })
    return {
      leaf: await leaf({ by: ca, ...dns('b.a.nation.example') }),
      middle: [ca],
      root,
      links: true,
    }
  },
  'a subject that an authority does not permit': async ({ root, authority, leaf }) => {
    const extensions = [nameConstraints([[0xa4, nameDer('O=Other')]])]
    const ca = await authority(root, { extensions })
    return { leaf: await leaf({ by: ca }), middle: [ca], root, links: true }
  },
  // 6.1.1 (d): an anchor is a name and a key; OpenSSL looks at its extensions too.
  'an unknown critical extension of the anchor': async ({ authority, leaf }) => {
    const root = await authority(undefined as never, { extensions: [unknownCritical] })
    return { leaf: await leaf({ by: root }), middle: [], root, openssl: false }
  },
  // 4.2.1.3: whoever signs data needs a bit for it. What for OpenSSL is for its caller to say.
  'a leaf that may not make signatures': async ({ root, upper, leaf }) => ({
    leaf: await leaf({ by: upper, usages: flags.keyAgreement }),
    middle: [upper],
    root,
    openssl: true,
    links: true,
  }),
}

const kinds: readonly (readonly [KeyKind, Hash | undefined])[] = [
  ['P-256', undefined],
  ['P-256', 'SHA-384'],
  ['P-256', 'SHA-512'],
  ['P-384', 'SHA-256'],
  ['P-384', undefined],
  ['P-384', 'SHA-512'],
  ['P-521', 'SHA-384'],
  ['Ed25519', undefined],
  ['RSA', undefined],
  ['RSA-PSS', undefined],
]
/** Making RSA keys takes most of the time. */
const fewer = ['nothing', 'a leaf that has expired', 'another key of the authority’s name', 'a gap']

async function pathsOf(kind: KeyKind, hash: Hash | undefined): Promise<readonly Path[]> {
  const base = { kind, ...(hash && { signing: { hash } }) }
  const authority = (by: Made | undefined, wish: Partial<Wish> = {}) =>
    make({ name: 'CN=Authority', ca: true, ...base, ...(by && { by }), ...wish })
  const root = await authority(undefined, { name: 'CN=Root,O=Nation' })
  const upper = await authority(root, { name: 'CN=Upper,O=Nation' })
  const lower = await authority(upper, { name: 'CN=Lower,O=Nation' })
  const leaf = (wish: Partial<Wish> = {}) =>
    make({ name: 'CN=Leaf,O=Nation', by: lower, ...base, ...wish })
  const all = Object.entries(spoilings)
  const chosen = kind.startsWith('RSA') ? all.filter(([what]) => fewer.includes(what)) : all
  const rungs = { root, upper, lower, leaf, authority }
  return Promise.all(
    chosen.map(async ([what, spoil]) => ({
      what: `${kind} ${hash ?? ''}: ${what}`,
      ...(await spoil(rungs)),
    })),
  )
}

const paths = (await Promise.all(kinds.map(([kind, hash]) => pathsOf(kind, hash)))).flat()
const right = ({ what }: Path) => /: nothing|extension of the anchor/.test(what)

async function ours({ leaf, middle, root }: Path): Promise<boolean> {
  const chain = [leaf, ...middle].map(({ base64 }) => base64)
  const input = { chain, anchors: [root.der], at, backend: withRsa() }
  return (await verifyChain(input)).verified
}

function nodes({ leaf, middle, root }: Path): boolean {
  const path = [leaf, ...middle, root].map(({ der }) => new X509Certificate(der))
  return path.every((one, index) => {
    const issuer = path[index + 1]
    const valid = new Date(one.validFrom) <= at && at <= new Date(one.validTo)
    return (
      valid &&
      (issuer === undefined ||
        (one.checkIssued(issuer) && one.verify(issuer.publicKey) && issuer.ca))
    )
  })
}

const pem = ({ base64 }: Made) =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`

async function openssls(path: Path, index: number): Promise<boolean> {
  const file = (name: string) => join(folder, `${index}-${name}`)
  await writeFile(file('root'), pem(path.root))
  await writeFile(file('middle'), path.middle.map(pem).join(''))
  await writeFile(file('leaf'), pem(path.leaf))
  const untrusted = path.middle.length > 0 ? ['-untrusted', file('middle')] : []
  const time = String(at.getTime() / 1000)
  const flagsOf = ['-no-CApath', '-no-CAstore', '-check_ss_sig', '-attime', time]
  const args = ['verify', ...flagsOf, '-CAfile', file('root'), ...untrusted, file('leaf')]
  return run('openssl', args).then(
    () => true,
    () => false,
  )
}

test('there are a few hundred changed paths and good ones, each of its kind', () => {
  expect(paths.length).toBeGreaterThan(200)
  expect(paths.filter(right).length).toBeGreaterThan(40)
})

test('this library decides each as the standard does', async () => {
  const wrong: string[] = []
  for (const path of paths) if ((await ours(path)) !== right(path)) wrong.push(path.what)
  expect(wrong).toEqual([])
})

test('node:crypto agrees on every link', () => {
  const other = paths.filter((path) => nodes(path) !== (right(path) || path.links === true))
  expect(other.map(({ what }) => what)).toEqual([])
})

test('one changed byte anywhere is never accepted', async () => {
  const good = paths.filter(right)
  let accepted = 0
  for (const [index, path] of good.entries()) {
    for (let step = 0; step < 8; step++) {
      const changed = path.leaf.der.slice()
      const place = (index * 131 + step * 97) % changed.length
      changed[place] = (changed[place] as number) ^ (1 << (step % 8))
      const base64 = Buffer.from(changed).toString('base64')
      if (await ours({ ...path, leaf: { ...path.leaf, der: changed, base64 } })) accepted++
    }
  }
  expect(accepted).toBe(0)
})

test('openssl verify agrees, where it is installed', async () => {
  if (version === undefined) return
  const wrong: string[] = []
  const every = [...paths.entries()]
  const worker = async (): Promise<void> => {
    for (let next = every.pop(); next !== undefined; next = every.pop()) {
      const [index, path] = next
      if ((await openssls(path, index)) !== (path.openssl ?? right(path))) wrong.push(path.what)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  expect(wrong.sort()).toEqual([])
}, 30_000)
