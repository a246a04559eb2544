import { isJsonObject, type Json, type JsonObject } from '@asoba/core'
import type { RdfProcessor } from '../../src/index.ts'
import { canonicalNQuads, proofConfig } from '../../src/primitives.ts'
import { byContext } from './contexts.ts'
import { byName, type Rewriting } from './names.ts'
import { byStructure } from './structure.ts'
import { chance, listed, random } from './tools.ts'
import type { Vocabulary } from './vocabulary.ts'

const kinds: Readonly<Record<string, Rewriting>> = { ...byName, ...byContext, ...byStructure }

/** What can be done to the options of a proof, which are one node of texts under fixed terms. */
const ofProofs: readonly string[] = [
  'absolute IRI',
  'keywords for their aliases',
  'keywords for all their aliases',
  'a value object',
  '@graph around it',
  '@nest',
  '@set',
  'an array of one',
  'an array in an array',
  'a type as an array, or in another order',
  'members in another order',
  'an object for a name, or a name for an object',
  'a label for a node without a name',
]

/** What can be done to a document, and to its proofs. */
export const kindNames: readonly string[] = [
  ...Object.keys(kinds),
  ...ofProofs.map((name) => `${name} (proof)`),
]

/** A document in other words. */
export interface Rewritten {
  /** What was done to it, one after the other. */
  readonly kinds: readonly string[]
  readonly document: JsonObject
}

/** What became of all attempts. */
export interface Tally {
  /** By kind: how often a document came of it whose statements are those of the original. */
  readonly made: Map<string, number>
  /** How often others came of it. */
  dropped: number
}

/**
 * A signed document in other words, as often as asked: each has the statements of the original, in
 * itself and in its proofs, or it is dropped. Which they are depends on the seed alone.
 */
export async function* rewritings(
  original: JsonObject,
  options: {
    readonly processor: RdfProcessor
    readonly vocabulary: Vocabulary
    readonly seed: number
    readonly attempts: number
    readonly tally: Tally
  },
): AsyncGenerator<Rewritten> {
  const { processor, vocabulary, seed, attempts, tally } = options
  const own = chance(random(seed))
  const wanted = await statementsOf(processor, original)
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Every kind in its turn, alone; then several at once.
    const alone = attempt < 4 * kindNames.length
    const count = alone ? 1 : 2 + Math.floor(own.next() * 4)
    const done: string[] = []
    let document = original
    for (let step = 0; step < count; step++) {
      const name = alone
        ? (kindNames[attempt % kindNames.length] as string)
        : (own.pick(kindNames) as string)
      const written = rewrittenBy(name, document, own, vocabulary)
      if (!isJsonObject(written) || JSON.stringify(written) === JSON.stringify(document)) continue
      // Each step is honest by itself: one that is not would spoil all that follow.
      if ((await statementsOf(processor, written).catch(() => undefined)) !== wanted) {
        tally.dropped++
        continue
      }
      document = written
      done.push(name)
    }
    if (done.length === 0) continue
    for (const name of done) tally.made.set(name, (tally.made.get(name) ?? 0) + 1)
    yield { kinds: done, document }
  }
}

function rewrittenBy(
  name: string,
  document: JsonObject,
  own: ReturnType<typeof chance>,
  vocabulary: Vocabulary,
): Json | undefined {
  if (!name.endsWith(' (proof)')) return kinds[name]?.(document, own, vocabulary)
  const proofs = listed(document['proof'])
  const index = Math.floor(own.next() * proofs.length)
  const proof = proofs[index]
  if (!isJsonObject(proof)) return undefined
  // The value of a proof is no statement.
  const { proofValue, ...config } = proof
  const written = kinds[name.slice(0, -' (proof)'.length)]?.(config, own, vocabulary)
  if (!isJsonObject(written)) return undefined
  const other = { ...written, ...(proofValue !== undefined && { proofValue }) }
  const all = proofs.map((one, at) => (at === index ? other : one))
  return { ...document, proof: Array.isArray(document['proof']) ? all : (all[0] as Json) }
}

/** All that is signed of a document, in one text. @throws AsobaError where it cannot be read */
async function statementsOf(processor: RdfProcessor, document: JsonObject): Promise<string> {
  const { proof, ...unsecured } = document
  const texts = [await canonicalNQuads(processor, unsecured)]
  for (const one of listed(proof)) {
    const config = proofConfig(one as JsonObject, unsecured)
    texts.push(await canonicalNQuads(processor, config))
  }
  return texts.join('\n')
}
