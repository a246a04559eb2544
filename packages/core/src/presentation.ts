import { baseContext, checkContext } from './context.ts'
import { checkProof, checkTyped, validateCredential } from './credential.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { type Problem, problem, problemsUnder } from './problem.ts'
import {
  checkId,
  checkObjects,
  checkType,
  checkUrlOrObject,
  identifierOf,
  type Report,
} from './structure.ts'

const envelopeOfCredential = 'EnvelopedVerifiableCredential'

/**
 * Everything in which a value is not a presentation of the VC data model 2.0, each
 * with its JSON pointer; the credentials in it are judged like lone ones. A credential
 * that is neither enveloped nor has a proof is secured by the presentation alone:
 * its issuer must be the holder.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations
 */
export function validatePresentation(value: unknown): readonly Problem[] {
  if (!isJsonObject(value)) {
    return [problem('presentation.malformed', 'a presentation is an object', '')]
  }
  const problems: Problem[] = []
  const report: Report = (path, detail) => {
    problems.push(problem('presentation.malformed', detail, path))
  }
  checkContext(value, baseContext, report) // 4.3
  checkId(value, '', report) // 4.13
  checkType(value, '', report, 'VerifiablePresentation') // 4.13
  checkTyped(value, 'termsOfUse', report) // 5.5
  checkProof(value, report) // 4.12
  if (Object.hasOwn(value, 'holder')) checkUrlOrObject(value['holder'], '/holder', report)
  checkObjects(value, 'verifiableCredential', report, (credential, at) => {
    if ([credential['type']].flat().includes(envelopeOfCredential)) {
      problems.push(...problemsUnder(at, validateEnvelope(credential, envelopeOfCredential)))
      return
    }
    problems.push(...problemsUnder(at, validateCredential(credential)))
    if (!Object.hasOwn(credential, 'proof')) checkSelfAsserted(value, credential, at, report)
  })
  return problems
}

// 4.13.4 Presentations Including Holder Claims.
function checkSelfAsserted(
  presentation: JsonObject,
  credential: JsonObject,
  at: string,
  report: Report,
): void {
  const holder = identifierOf(presentation['holder'])
  if (typeof holder !== 'string') {
    report(at, 'a credential without a proof needs a holder who asserts it')
  } else if (identifierOf(credential['issuer']) !== holder) {
    report(`${at}/issuer`, 'a credential without a proof must be issued by the holder')
  }
}

/**
 * Everything in which a value is not an envelope: an object of the given type, in the
 * base context, whose `id` is a `data:` URL with the secured credential or presentation.
 *
 * @see https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials
 */
export function validateEnvelope(
  value: unknown,
  type: 'EnvelopedVerifiableCredential' | 'EnvelopedVerifiablePresentation',
): readonly Problem[] {
  const code = type === envelopeOfCredential ? 'credential.malformed' : 'presentation.malformed'
  if (!isJsonObject(value)) return [problem(code, 'an envelope is an object', '')]
  const problems: Problem[] = []
  const report: Report = (path, detail) => {
    problems.push(problem(code, detail, path))
  }
  if (![value['@context']].flat().includes(baseContext)) {
    report('/@context', 'the base context of the data model is required')
  }
  checkType(value, '', report, type)
  const { id } = value
  if (typeof id !== 'string' || !/^data:[\w.+-]+\/[\w.+-]+(?:;[\w.=+-]+)*,[^\s]+$/.test(id)) {
    report('/id', 'id must be a data: URL')
  }
  return problems
}
