import { bbsSigner, createBbsKey } from '@asoba/bbs'
import { bbs2023Cryptosuite } from '@asoba/bbs/cryptosuite'
import type { BbsSigner, JsonObject, Signer } from '@asoba/core'
import {
  addProof,
  type Cryptosuite,
  ecdsaJcs2019,
  ecdsaRdfc2019,
  ecdsaSd2023,
  eddsaJcs2022,
  eddsaRdfc2022,
  hideableMembers,
  type RdfProcessor,
} from '@asoba/data-integrity'
import { createKey, didKeyOf, jwkSigner } from '@asoba/did'
import { envelopeCredential, signCredential } from '@asoba/jwt'
import { issueVcSdJwt } from '@asoba/sd-jwt/vcdm'
import { envelopeSdJwt, subjectPaths } from './sd-jwt.ts'

/** What the one who asks for a credential may choose. */
export interface SecureOptions {
  /** For suites with selective disclosure: what is always shown. */
  readonly mandatoryPointers?: readonly string[]
}

/** One way of securing credentials, with one key. */
export interface Issuing {
  /** Its name in the address. */
  readonly name: string
  /** The cryptosuite or media type. */
  readonly securing: string
  readonly keyType: 'Ed25519' | 'P-256' | 'P-384' | 'Bls12381G2'
  /** The did:key that it issues under. */
  readonly issuer: string
  /** The credential with its proof, or in its envelope. */
  secure(credential: JsonObject, options: SecureOptions): Promise<JsonObject>
}

/** All of them, by name; their keys are made here and kept in memory. */
export async function createIssuers(jsonLd: RdfProcessor): Promise<ReadonlyMap<string, Issuing>> {
  const ed25519 = await signerOf('EdDSA')
  const p256 = await signerOf('ES256')
  const p384 = await signerOf('ES384')
  const keys = createBbsKey()
  const did = didKeyOf(keys.publicJwk)
  const bbs = bbsSigner({ ...keys, verificationMethod: `${did}#${did.slice(8)}` })
  const baseline = { feature: 'baseline', presentationHeader: undefined } as const
  const all = [
    embedded('eddsa-jcs-2022', 'Ed25519', eddsaJcs2022(), ed25519),
    embedded('eddsa-rdfc-2022', 'Ed25519', eddsaRdfc2022(jsonLd), ed25519),
    embedded('ecdsa-jcs-2019-p256', 'P-256', ecdsaJcs2019(), p256),
    embedded('ecdsa-jcs-2019-p384', 'P-384', ecdsaJcs2019(), p384),
    embedded('ecdsa-rdfc-2019-p256', 'P-256', ecdsaRdfc2019(jsonLd), p256),
    embedded('ecdsa-rdfc-2019-p384', 'P-384', ecdsaRdfc2019(jsonLd), p384),
    embedded('ecdsa-sd-2023', 'P-256', ecdsaSd2023(jsonLd), p256),
    embedded('bbs-2023', 'Bls12381G2', bbs2023Cryptosuite(jsonLd, baseline), bbs),
    asJwt('vc-jwt-eddsa', 'Ed25519', ed25519),
    asJwt('vc-jwt-es256', 'P-256', p256),
    asSdJwt('vc-sd-jwt-es256', 'P-256', p256),
  ]
  return new Map(all.map((one) => [one.name, one]))
}

async function signerOf(algorithm: 'EdDSA' | 'ES256' | 'ES384'): Promise<Signer> {
  const { publicJwk, privateJwk } = await createKey(algorithm)
  const did = didKeyOf(publicJwk)
  return jwkSigner({ privateJwk, verificationMethod: `${did}#${did.slice(8)}` })
}

function didOf({ verificationMethod }: Signer | BbsSigner): string {
  return verificationMethod.slice(0, verificationMethod.indexOf('#'))
}

function embedded<Key extends Signer | BbsSigner>(
  name: string,
  keyType: Issuing['keyType'],
  suite: Cryptosuite<string, Key>,
  signer: Key,
): Issuing {
  return {
    name,
    securing: suite.name,
    keyType,
    issuer: didOf(signer),
    secure: (credential, { mandatoryPointers = ['/issuer'] }) =>
      addProof(credential, {
        suite,
        signer,
        proofPurpose: 'assertionMethod',
        // The tests of the W3C say what is shown, and ask for credentials whose end can be hidden.
        // An issuer whose credentials are worth something leaves `hideable` out.
        ...(suite.derive !== undefined && { mandatoryPointers, hideable: hideableMembers }),
      }),
  }
}

function asJwt(name: string, keyType: Issuing['keyType'], signer: Signer): Issuing {
  return {
    name,
    securing: 'vc+jwt',
    keyType,
    issuer: didOf(signer),
    secure: async (credential) => envelopeCredential(await signCredential(credential, signer)),
  }
}

/** Each claim of a subject can be withheld; everything else is always shown. */
function asSdJwt(name: string, keyType: Issuing['keyType'], signer: Signer): Issuing {
  return {
    name,
    securing: 'vc+sd-jwt',
    keyType,
    issuer: didOf(signer),
    secure: async (credential) => {
      const disclosable = subjectPaths(credential)
      return envelopeSdJwt(await issueVcSdJwt(credential, { signer, disclosable }))
    },
  }
}
