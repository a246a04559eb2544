import { isJsonObject, type JsonObject, problem } from '@asoba/core'
import { listOf } from '@asoba/core/judge'
import { type Cryptosuite, deriveProof } from '@asoba/data-integrity'
import { presentSdJwt } from '@asoba/sd-jwt'
import { json, problemOfError, refusal } from './answer.ts'
import { envelopeSdJwt, holdsSdJwt, pathOfPointer, sdJwtIn } from './sd-jwt.ts'

/**
 * Of the credential in a request only what the pointers lead to and what is always shown. An SD-JWT
 * that names its holder's key comes without the key binding, which its holder alone can make.
 */
export async function derive(body: JsonObject, suites: readonly Cryptosuite[]): Promise<Response> {
  const { verifiableCredential: credential, options } = body
  const asked = isJsonObject(options) ? options['selectivePointers'] : undefined
  const pointers = listOf(asked ?? []).filter((one) => typeof one === 'string')
  if (asked !== undefined && (!Array.isArray(asked) || pointers.length !== asked.length)) {
    const detail = 'selectivePointers has to be an array of JSON pointers'
    return refusal([problem('input.malformed', detail, place)])
  }
  try {
    if (holdsSdJwt(credential, 'vc')) {
      const disclose = pointers.flatMap((one) => [pathOfPointer(one) ?? []])
      const shown = await presentSdJwt(sdJwtIn(credential), { disclose, keyBinding: 'none' })
      return json({ verifiableCredential: envelopeSdJwt(shown) }, 201)
    }
    const suite = isJsonObject(credential) ? suiteOf(credential, suites) : undefined
    if (!isJsonObject(credential) || suite === undefined) return refusal([noDisclosure])
    return json({ verifiableCredential: await deriveProof(credential, { suite, pointers }) }, 201)
  } catch (error) {
    // Pointers that lead nowhere in an SD-JWT are the only mistakes left.
    return refusal([error instanceof TypeError ? unknownPointer : problemOfError(error, place)])
  }
}

const place = '/options/selectivePointers'
const noDisclosure = problem(
  'proof.unsupported',
  'the credential has no base proof of a suite with selective disclosure',
  '/verifiableCredential/proof',
)
const unknownPointer = problem('input.malformed', 'a JSON pointer leads nowhere', place)

function suiteOf(credential: JsonObject, suites: readonly Cryptosuite[]): Cryptosuite | undefined {
  const names = listOf(credential['proof']).map((one) => isJsonObject(one) && one['cryptosuite'])
  return suites.find(({ name, derive: derives }) => derives !== undefined && names.includes(name))
}
