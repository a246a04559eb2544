import { createSeal } from '@asoba/core/seal'
import { nationTypes } from '@asoba/credentials'
import { didResolver, webMethod } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { leafSubjects, subjectKeyId, x509Keys } from '@asoba/jwt/x509'
import { sdJwtVcVerifying } from '@asoba/sd-jwt/verifying'
import { httpStatusSource } from '@asoba/status/token'
import { createVerifier, issuerKeys, memoryReplay, trustedIssuers } from '@asoba/verifier'
import type { Wallet } from '@asoba/wallet'

const nation = nationTypes({ origin: 'https://nation.example' })
const claims = { citizenship: ['citizen'], profession: ['entitled_to_practise'] } as const

/** Asks a wallet for a credential and judges it over HTTP, with nothing remembered: codes of what is wrong. */
export async function judge(
  wallet: Wallet,
  issuer: string,
  type: 'citizenship' | 'profession' = 'citizenship',
  anchors?: readonly Uint8Array[],
): Promise<readonly string[]> {
  const reach = { fetch: globalThis.fetch, [allowInsecureLoopback]: true as const }
  const verifier = createVerifier({
    audience: 'https://clinic.example',
    types: Object.values(nation),
    issuerKeys: issuerKeys({
      did: didResolver({ methods: [webMethod(reach)] }),
      x509: { keys: x509Keys(), subjects: leafSubjects, keyId: subjectKeyId },
    }),
    trust: anchors
      ? trustedIssuers([{ issuer, types: [type], mechanism: 'x509', anchors }])
      : trustedIssuers({ [type]: [issuer] }),
    formats: [sdJwtVcVerifying()],
    status: httpStatusSource(reach),
    seal: createSeal(new Uint8Array(32)),
    replay: memoryReplay(),
    clockTolerance: 60,
    maxProofAge: 300,
  })
  const request = await verifier.request({
    credentials: [
      {
        id: 'it',
        format: 'dc+sd-jwt',
        meta: { vct_values: [nation[type].vct] },
        claims: [{ path: [...claims[type]] }],
      },
    ],
  })
  const [match] = await wallet.match(request)
  if (match === undefined) return ['nothing']
  const result = await verifier.verify(await wallet.present(request, match), request)
  return result.verified ? [] : result.problems.map(({ code }) => code)
}
