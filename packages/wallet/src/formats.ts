import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  type JsonObject,
  toBase64url,
  utf8,
} from '@asoba/core'

/** The formats of a wallet, by id. */
export type Formats = ReadonlyMap<string, CredentialFormat>

/**
 * Formats by id.
 *
 * @throws TypeError where two have one id, or both claim a document of a well-known shape
 */
export function formatsById(formats: readonly CredentialFormat[]): Formats {
  const byId = new Map(formats.map((format) => [format.id, format]))
  if (byId.size < formats.length) throw new TypeError('two formats have one id')
  for (const sample of samples()) claimantsOf(formats, sample)
  return byId
}

/**
 * The format that recognises a wire form; several where it looks alike in all of them, and only its
 * secret tells to which it belongs.
 *
 * @throws AsobaError `wallet.unknown-format`
 */
export function recognise(formats: Formats, wire: unknown): readonly CredentialFormat[] {
  const found = claimantsOf([...formats.values()], wire)
  if (found.length === 0) {
    throw new AsobaError('wallet.unknown-format', 'no format of this wallet knows the credential')
  }
  return found
}

/** The view of a wire form. @throws AsobaError `credential.malformed`, without the format's own words */
export function viewOf(format: CredentialFormat, wire: string | JsonObject): CredentialView {
  try {
    return format.view({ format: format.id, wire })
  } catch {
    throw new AsobaError('credential.malformed', 'the credential cannot be read')
  }
}

function claimantsOf(
  formats: readonly CredentialFormat[],
  wire: unknown,
): readonly CredentialFormat[] {
  const found = formats.filter((format) => format.recognises(wire))
  if (found.length > 1 && found.some(({ accepts }) => accepts === undefined)) {
    throw new TypeError('two formats claim one document')
  }
  return found
}

/** One document of every shape in use: what two formats both claim is found before a person's credential is. */
function samples(): unknown[] {
  const part = (json: JsonObject): string => toBase64url(utf8(JSON.stringify(json)))
  const jwts = ['dc+sd-jwt', 'vc+sd-jwt', 'vc+jwt', 'vp+jwt', 'JWT', ''].flatMap((typ) => {
    const header = part({ alg: 'ES256', ...(typ === '' ? {} : { typ }) })
    const claims = { vct: 'https://a.example', vc: {}, type: [] }
    // The two meanings of vc+sd-jwt are told apart by what is in it.
    return [claims, { ...claims, '@context': [] }].map((each) => `${header}.${part(each)}.AAAA`)
  })
  const suites = [
    'eddsa-jcs-2022',
    'eddsa-rdfc-2022',
    'ecdsa-jcs-2019',
    'ecdsa-rdfc-2019',
    'ecdsa-sd-2023',
    'bbs-2023',
  ]
  return [
    ...jwts,
    ...jwts.map((jwt) => `${jwt}~`),
    ...suites.map((cryptosuite) => ({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      proof: { type: 'DataIntegrityProof', cryptosuite },
    })),
  ]
}
