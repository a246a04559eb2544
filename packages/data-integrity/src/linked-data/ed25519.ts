import {
  concatBytes,
  fromBase58,
  fromBase64url,
  fromUtf8,
  type Jwk,
  type Problem,
  parseJson,
  problem,
  type SignatureBackend,
  type Signer,
  toBase64url,
  utf8,
} from '@asoba/core'
import { verifySignature } from '@asoba/did'
import type { Cryptosuite, OpenedProof } from '../cryptosuite.ts'
import { problemOf } from '../problem-of.ts'
import { hashStatements } from '../proof-config.ts'
import type { RdfProcessor } from '../rdf-processor.ts'
import { readStatements, type Statements } from '../reading/open.ts'

/**
 * Ed25519Signature2020, to verify: the diplomas and badges that people hold. RDFC-1.0 (then called
 * URDNA2015), SHA-256, Ed25519.
 *
 * @see https://www.w3.org/TR/2023/WD-vc-di-eddsa-20230714/#ed25519signature2020
 */
export function ed25519Signature2020(
  processor: RdfProcessor,
): Cryptosuite<'Ed25519Signature2020', Signer> {
  return verifyingSuite('Ed25519Signature2020', processor, {
    member: 'proofValue',
    read: (value) =>
      typeof value === 'string' && value.length <= 100 && value[0] === 'z'
        ? signed(fromBase58(value.slice(1)), (data) => data)
        : undefined,
  })
}

/**
 * Ed25519Signature2018, to verify: as its successor, but that the signature is a detached JWS over
 * the bytes as they are.
 *
 * @see https://w3c-ccg.github.io/lds-ed25519-2018/
 * @see https://www.rfc-editor.org/rfc/rfc7797
 */
export function ed25519Signature2018(
  processor: RdfProcessor,
): Cryptosuite<'Ed25519Signature2018', Signer> {
  return verifyingSuite('Ed25519Signature2018', processor, { member: 'jws', read: readDetached })
}

/** A signature, and what it is over. */
interface Signed {
  readonly signature: Uint8Array
  readonly input: (data: Uint8Array) => Uint8Array
}

function signed(signature: Uint8Array | undefined, input: Signed['input']): Signed | undefined {
  return signature?.length === 64 ? { signature, input } : undefined
}

/** A JWS without its payload, whose header says that this is not encoded, and nothing else. */
function readDetached(value: unknown): Signed | undefined {
  if (typeof value !== 'string' || value.length > 300) return undefined
  const [header = '', payload, signature = '', ...others] = value.split('.')
  if (payload !== '' || others.length > 0) return undefined
  const text = fromUtf8(fromBase64url(header) ?? new Uint8Array())
  const read = text === undefined ? undefined : parseJson(text)
  const { alg, b64, crit, ...more } = (read ?? {}) as Readonly<Record<string, unknown>>
  const known = Object.keys(more).every((name) => name === 'typ' || name === 'kid')
  if (alg !== 'EdDSA' || b64 !== false || String(crit) !== 'b64' || !known) return undefined
  return signed(fromBase64url(signature), (data) => concatBytes(utf8(`${header}.`), data))
}

function verifyingSuite<Name extends string>(
  name: Name,
  processor: RdfProcessor,
  value: {
    readonly member: 'proofValue' | 'jws'
    readonly read: (value: unknown) => Signed | undefined
  },
): Cryptosuite<Name, Signer> {
  const { member, read } = value
  return {
    name,
    proofType: { name, value: member },
    carriesContext: false,
    algorithms: ['EdDSA'],
    algorithmOf: (proofValue) => read(proofValue) && 'EdDSA',
    sign: async () => {
      throw new TypeError('the suite is there to verify; sign with a cryptosuite of Data Integrity')
    },
    async open(input) {
      const opened = await readStatements(processor, input, { name, value: member })
      if (!opened.verified) return opened
      const { statements, ...readable } = opened
      const verify: OpenedProof['verify'] = async (keys, options) => {
        const found = read(input.proof[member])
        if (found === undefined) {
          const detail = 'the proof has no signature of this suite'
          return [problem('proof.malformed', detail, `/${member}`)]
        }
        try {
          return await judgeSignature(processor, statements, { found, keys, ...options })
        } catch (error) {
          return [problemOf(error)]
        }
      }
      const mark = async () => toBase64url(await hashStatements(processor, statements.document))
      return { ...readable, verify, mark }
    },
  }
}

async function judgeSignature(
  processor: RdfProcessor,
  statements: Statements,
  by: {
    readonly found: Signed
    readonly keys: readonly Jwk[]
    readonly backend?: SignatureBackend
  },
): Promise<readonly Problem[]> {
  const { found, keys, backend } = by
  const options = backend === undefined ? {} : { backend }
  // Create Verify Hash: the options first, then the document.
  const data = concatBytes(
    await hashStatements(processor, statements.proof),
    await hashStatements(processor, statements.document),
  )
  for (const key of keys) {
    const right = await verifySignature('EdDSA', key, found.input(data), found.signature, options)
    if (right === true) return []
  }
  return [problem('proof.signature-invalid', 'the signature of the proof is wrong')]
}
