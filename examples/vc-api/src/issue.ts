import {
  baseContext,
  isJsonObject,
  type JsonObject,
  type Problem,
  problem,
  validateCredential,
} from '@asoba/core'
import { idOf } from '@asoba/core/judge'
import { baseContextV1, validateCredentialV1 } from '@asoba/core/v1'
import type { RdfProcessor } from '@asoba/data-integrity'
import { json, problemOfError, refusal } from './answer.ts'
import { relatedProblems } from './contexts.ts'
import type { Issuing, SecureOptions } from './issuers.ts'
import type { StatusLists } from './status-lists.ts'

/** What issuing needs of the server. */
export interface IssueServices {
  readonly jsonLd: RdfProcessor
  readonly status: StatusLists
}

const dataIntegrityContext = 'https://w3id.org/security/data-integrity/v2'

/** Issues the credential in a request, or says everything that keeps it from being issued. */
export async function issue(
  issuing: Issuing,
  body: JsonObject,
  services: IssueServices,
): Promise<Response> {
  const { credential: given, options: asked = {} } = body
  if (!isJsonObject(given)) {
    return refusal([problem('input.malformed', 'credential has to be an object', '/credential')])
  }
  const options = readOptions(asked)
  if (options === undefined) {
    return refusal([problem('input.malformed', 'an option is not as it should be', '/options')])
  }
  const credential = complete(given, issuing)
  const problems = [...formProblems(credential, issuing), ...(await relatedProblems(credential))]
  if (problems.length > 0) return refusal(problems)
  try {
    // Whatever it is secured by: what no context defines, nobody could understand.
    await services.jsonLd.toNQuads(credential)
    const { status, ...secureOptions } = options
    const entry = status && (await services.status.allocate(status))
    const whole = entry === undefined ? credential : { ...credential, credentialStatus: entry }
    return json({ verifiableCredential: await issuing.secure(whole, secureOptions) }, 201)
  } catch (error) {
    return refusal([problemOfError(error, '/options/mandatoryPointers')])
  }
}

/** Adds what the one who asks may leave out: the issuer, and in 1.1 the context of proofs. */
function complete(given: JsonObject, { issuer: did, securing }: Issuing): JsonObject {
  const { issuer = did, '@context': context } = given
  const named = isJsonObject(issuer) && issuer['id'] === undefined ? { ...issuer, id: did } : issuer
  const old = Array.isArray(context) && context[0] === baseContextV1
  const proofs = old && !securing.includes('+') && !context.includes(dataIntegrityContext)
  return {
    ...given,
    issuer: named,
    ...(proofs && { '@context': [...context, dataIntegrityContext] }),
  }
}

function formProblems(credential: JsonObject, { issuer, securing }: Issuing): readonly Problem[] {
  const problems: Problem[] = []
  const [first] = [credential['@context']].flat()
  const embedded = !securing.includes('+')
  problems.push(
    ...(embedded && first === baseContextV1 ? validateCredentialV1 : validateCredential)(
      credential,
    ),
  )
  for (const name of [
    'proof',
    'vc',
    'vp',
    'cnf',
    'status',
    'iss',
    'sub',
    'jti',
    'exp',
    'nbf',
    'iat',
  ]) {
    const refused = name === 'proof' || (!embedded && name in credential)
    if (refused && credential[name] !== undefined) {
      problems.push(
        problem('credential.malformed', 'a credential to issue has no such member', `/${name}`),
      )
    }
  }
  const named = idOf(credential['issuer'])
  if (named !== undefined && named !== issuer) {
    problems.push(problem('credential.malformed', 'the key is of another issuer', '/issuer'))
  }
  if (first === baseContext && credential['credentialStatus'] === null) {
    problems.push(problem('credential.malformed', 'a status is an object', '/credentialStatus'))
  }
  return problems
}

/** The options that mean something here; VC-API has others, for servers that choose suites by them. */
function readOptions(
  asked: unknown,
): (SecureOptions & { readonly status?: 'revocation' | 'suspension' }) | undefined {
  if (!isJsonObject(asked)) return undefined
  const { mandatoryPointers, credentialStatus } = asked
  const status = isJsonObject(credentialStatus)
    ? (credentialStatus['statusPurpose'] ?? 'revocation')
    : credentialStatus
  if (status !== undefined && status !== 'revocation' && status !== 'suspension') return undefined
  if (mandatoryPointers === undefined) return status === undefined ? {} : { status }
  const pointers = Array.isArray(mandatoryPointers) ? mandatoryPointers : [undefined]
  if (!pointers.every((one) => typeof one === 'string')) return undefined
  return { mandatoryPointers: pointers, ...(status !== undefined && { status }) }
}
