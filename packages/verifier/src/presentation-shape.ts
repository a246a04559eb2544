import { type DcqlQuery, isJsonObject, type JsonObject, type Problem, problem } from '@asoba/core'

/** One presented credential, not yet looked into. */
export interface PresentedWire {
  readonly id: string
  readonly index: number
  /** JSON pointer in results: `/<id>/<index>`. */
  readonly path: string
  readonly wire: string | JsonObject
}

const maxCredentials = 32
const maxCharacters = 1_048_576
const maxNodes = 65_536
const maxDepth = 64

/**
 * Takes a presentation apart: an object with `vp_token`, in it an array for each id that
 * was asked for, and nothing else. Bounded in number, size and depth.
 *
 * @see https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-8.1
 */
export function readPresentation(
  presentation: unknown,
  query: DcqlQuery,
): { readonly wires: readonly PresentedWire[]; readonly problems: readonly Problem[] } {
  const vpToken = isJsonObject(presentation) ? presentation['vp_token'] : undefined
  if (!isJsonObject(vpToken)) return malformed('a presentation is an object with vp_token')
  const ids = Object.keys(vpToken)
  if (ids.length > maxCredentials) return tooLarge()

  const wires: PresentedWire[] = []
  const problems: Problem[] = []
  // One budget for the whole presentation: many small ones must not add up to a large one.
  const budget: Budget = { nodes: maxNodes, characters: maxCharacters }
  for (const id of ids) {
    if (!query.credentials.some((asked) => asked.id === id)) {
      // The id is the sender's text and is not repeated.
      problems.push(problem('query.unsatisfied', 'a credential was sent that was not asked for'))
      continue
    }
    const path = `/${id}`
    const list: unknown = vpToken[id]
    if (!Array.isArray(list) || list.length === 0) {
      problems.push(problem('presentation.malformed', 'expected a non-empty array', path))
      continue
    }
    if (wires.length + list.length > maxCredentials) return tooLarge()
    for (const [index, wire] of list.entries()) {
      const at = `${path}/${index}`
      if (typeof wire !== 'string' && !isJsonObject(wire)) {
        problems.push(problem('presentation.malformed', 'expected a string or an object', at))
      } else {
        const fault = faultOfJson(wire, budget)
        if (fault === 'too-large') return tooLarge()
        if (fault === 'malformed') {
          problems.push(problem('presentation.malformed', 'the credential is not JSON', at))
        } else wires.push({ id, index, path: at, wire })
      }
    }
  }
  return { wires, problems }
}

interface Budget {
  nodes: number
  characters: number
}

/** Walks without recursion, so that depth cannot exhaust the stack. */
function faultOfJson(wire: unknown, budget: Budget): 'too-large' | 'malformed' | undefined {
  const rest: { readonly value: unknown; readonly depth: number }[] = [{ value: wire, depth: 0 }]
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, depth } = next
    if (--budget.nodes < 0 || depth > maxDepth) return 'too-large'
    if (typeof value === 'string') budget.characters -= value.length
    else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        budget.characters -= name.length
        rest.push({ value: member, depth: depth + 1 })
      }
    } else if (
      typeof value === 'number'
        ? !Number.isFinite(value)
        : typeof value !== 'boolean' && value !== null
    ) {
      return 'malformed'
    }
    if (budget.characters < 0) return 'too-large'
  }
  return undefined
}

function malformed(detail: string): ReturnType<typeof readPresentation> {
  return { wires: [], problems: [problem('presentation.malformed', detail)] }
}

function tooLarge(): ReturnType<typeof readPresentation> {
  return { wires: [], problems: [problem('input.too-large', 'the presentation is too large')] }
}
