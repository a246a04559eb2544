import {
  isJsonObject,
  type JsonObject,
  problem,
  type Signer,
  validatePresentation,
} from '@asoba/core'
import { idOf } from '@asoba/core/judge'
import { addProof, eddsaRdfc2022, type RdfProcessor } from '@asoba/data-integrity'
import { createKey, didKeyOf, jwkSigner } from '@asoba/did'
import { json, problemOfError, refusal } from './answer.ts'

/** The holder that this server is. */
export interface Holder {
  readonly id: string
  readonly signer: Signer
}

/** A holder with a key of its own, kept in memory. */
export async function createHolder(): Promise<Holder> {
  const { publicJwk, privateJwk } = await createKey('EdDSA')
  const id = didKeyOf(publicJwk)
  const signer = await jwkSigner({ privateJwk, verificationMethod: `${id}#${id.slice(8)}` })
  return { id, signer }
}

/** Proves the presentation in a request as this holder, for one domain and in answer to one challenge. */
export async function prove(
  body: JsonObject,
  { id, signer }: Holder,
  jsonLd: RdfProcessor,
): Promise<Response> {
  const { presentation: given, options } = body
  const { domain, challenge } = isJsonObject(options) ? options : {}
  if (!isJsonObject(given)) {
    return refusal([
      problem('input.malformed', 'presentation has to be an object', '/presentation'),
    ])
  }
  if (typeof domain !== 'string' || typeof challenge !== 'string' || !domain || !challenge) {
    const detail = 'for whom a presentation is made and what it answers have to be said'
    return refusal([problem('input.malformed', detail, '/options')])
  }
  const presentation = { ...given, holder: given['holder'] ?? id }
  const problems = [...validatePresentation(presentation)]
  if (given['proof'] !== undefined) {
    const detail = 'a presentation to prove has no proof'
    problems.push(problem('presentation.malformed', detail, '/proof'))
  }
  if (problems.length === 0 && idOf(presentation.holder) !== id) {
    problems.push(problem('presentation.malformed', 'the key is of another holder', '/holder'))
  }
  if (problems.length > 0) return refusal(problems)
  try {
    const verifiablePresentation = await addProof(presentation, {
      suite: eddsaRdfc2022(jsonLd),
      signer,
      proofPurpose: 'authentication',
      created: new Date(),
      domain,
      challenge,
    })
    return json({ verifiablePresentation }, 201)
  } catch (error) {
    return refusal([problemOfError(error, '/options')])
  }
}
