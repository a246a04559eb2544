import { isJsonObject, type Json, type JsonObject } from '@asoba/core'

/** What jsonld keeps of a context that it has worked out; it is never changed afterwards. */
interface ActiveContext {
  clone(): ActiveContext
  previousContext?: ActiveContext
}

interface Processed {
  readonly context: ActiveContext
  readonly events: readonly unknown[]
}

// Which worked-out context an unchanged copy was taken from. jsonld copies one before it looks for
// the context of a type in its memory, and would never find there what it put there.
const origins = new WeakMap<ActiveContext, ActiveContext>()
const kept = new WeakSet<ActiveContext>()

/** Marks a context as one that stays as it is, so that its copies are known for copies. */
function keep(context: ActiveContext): void {
  if (kept.has(context)) return
  kept.add(context)
  const { clone } = context
  context.clone = function (this: ActiveContext): ActiveContext {
    const copy = clone.call(this)
    copy.clone = clone
    if (this === context) origins.set(copy, context)
    return copy
  }
}

/** One context, and what came of it upon others: the interface that jsonld has for it. */
class ResolvedContext {
  readonly document: JsonObject | null
  readonly #processed = new WeakMap<ActiveContext, Processed>()
  // A copy is taken where the context does not go on inside of an object, and what comes of it does
  // not either: the same context of a property does.
  readonly #ofCopies = new WeakMap<ActiveContext, Processed>()

  constructor(document: JsonObject | null) {
    this.document = document
  }

  getProcessed(active: ActiveContext): Processed | undefined {
    const origin = origins.get(active)
    return origin === undefined ? this.#processed.get(active) : this.#ofCopies.get(origin)
  }

  setProcessed(active: ActiveContext, processed: Processed): void {
    const { context } = processed
    const copied = origins.get(active)
    // It was made from a copy, and is one no more.
    origins.delete(context)
    const before = context.previousContext
    const origin = before && origins.get(before)
    if (origin !== undefined) context.previousContext = origin
    keep(context)
    if (copied === undefined) this.#processed.set(active, processed)
    else this.#ofCopies.set(copied, processed)
  }
}

/** Finds contexts for jsonld: those that are known, and those that stand in a document. */
export interface ContextResolver {
  /** @throws what `unknown` throws */
  resolve(input: { readonly context: Json }): Promise<readonly ResolvedContext[]>
}

/**
 * A memory of known contexts, and of the contexts inside them; what a document brings along is
 * forgotten with it.
 *
 * @returns makes a resolver for one document, which calls `unknown` for a context that is not known
 */
export function contextResolvers(
  known: ReadonlyMap<string, JsonObject>,
): (unknown: (url: string) => Error) => ContextResolver {
  const inside = new Map<string, ResolvedContext>()
  // The known documents are ours and never change: to spell a context out takes longer than all else.
  const sameObject = new WeakMap<JsonObject, ResolvedContext>()
  for (const document of known.values()) {
    for (const context of innerContexts(document)) {
      const key = JSON.stringify(context)
      const resolved = inside.get(key) ?? new ResolvedContext(context)
      inside.set(key, resolved)
      sameObject.set(context, resolved)
    }
  }
  return (unknown) => {
    const own = new Map<string, ResolvedContext>()
    const find = (given: Json, cycles: readonly string[]): readonly ResolvedContext[] => {
      const context = isJsonObject(given) ? (given['@context'] ?? given) : given
      if (Array.isArray(context)) return context.flatMap((one: Json) => find(one, cycles))
      if (context === null) return [new ResolvedContext(null)]
      if (typeof context === 'string') {
        const document = known.get(context)
        if (document === undefined || cycles.includes(context)) throw unknown(context)
        return find(document['@context'] as Json, [...cycles, context])
      }
      if (!isJsonObject(context)) throw new Error('not a context')
      const same = sameObject.get(context)
      if (same !== undefined) return [same]
      const key = JSON.stringify(context)
      const found = inside.get(key) ?? own.get(key) ?? new ResolvedContext(context)
      if (!inside.has(key)) own.set(key, found)
      return [found]
    }
    return { resolve: async ({ context }) => find(context, []) }
  }
}

/** Every object that is a context or in one (of a type or property). */
function innerContexts(value: Json): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap((one: Json) => innerContexts(one))
  if (!isJsonObject(value)) return []
  const own = [value['@context']].flat().filter(isJsonObject)
  return [...own, ...Object.values(value).flatMap(innerContexts)]
}
