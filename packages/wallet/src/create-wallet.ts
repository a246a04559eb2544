import {
  AsobaError,
  type CredentialFormat,
  type CredentialView,
  type HolderProof,
  type JsonObject,
  memoryVault,
  type Presentation,
  type PresentationRequest,
  randomSecrets,
  type SecretSource,
  type Vault,
} from '@asoba/core'
import { formatsById } from './formats.ts'
import { type Group, isCurrent, readGroups } from './groups.ts'
import { type Match, plansFor } from './match.ts'
import { present } from './present.ts'
import { type RequestOptions, readRequest } from './read-request.ts'
import { receiveInto, sameHolder } from './receive.ts'
import { deleteCopy, deletePrepared, putPrepared, randomId, readPrepared } from './records.ts'
import { copiesLeft, type Reuse, type Use } from './reuse.ts'

/** What a wallet is made of. */
export interface WalletOptions {
  /** Every format that the wallet can hold. */
  readonly formats: readonly CredentialFormat[]
  /** Where records are kept; in memory when left out, so that nothing is left behind. */
  readonly vault?: Vault
  /** Where holder secrets come from; random and in memory when left out. */
  readonly secrets?: SecretSource
  /** Whether a copy may be shown twice; `never` when left out. */
  readonly reuse?: Reuse
  /** How long a prepared key waits for its credential, in seconds; a day when left out. */
  readonly preparedLifetime?: number
  /** The clock. */
  readonly now?: () => Date
}

/** A credential in the wallet, as its holder sees it; unverified. */
export interface HeldCredential {
  readonly id: string
  /** Id of its format. */
  readonly format: string
  readonly view: CredentialView
  /** Copies in the vault, used ones among them. */
  readonly copies: number
  /** Presentations left to a verifier that has seen none of them. */
  readonly copiesLeft: number
}

/** The holder's side: keeps credentials, says what a request would learn, answers it, forgets. */
export interface Wallet {
  /**
   * Fresh holder keys for an issuance, one per copy; their secrets wait in the vault. `type` is the
   * short name of the type that they are for, `issuer` who will issue; some formats have to know.
   * `lifetime`: seconds that they wait, where it may take longer than `preparedLifetime`.
   *
   * @throws AsobaError `wallet.unknown-format`; TypeError where `count` is not 1 to 1000, or
   * `lifetime` no whole number above 0
   */
  prepare(options: {
    readonly format: string
    readonly count: number
    readonly type?: string
    readonly issuer?: string
    readonly lifetime?: number
  }): Promise<readonly HolderProof[]>
  /**
   * Lets an issuance protocol prove that the wallet has a key that it prepared: `use` is given the
   * secret, of which nothing leaves but what it makes.
   *
   * @throws AsobaError `wallet.credential-not-ours` where no such key waits (any more)
   */
  prove<T>(holder: HolderProof, use: (retained: Uint8Array) => Promise<T>): Promise<T>
  /**
   * Takes credentials in, all or none; what is already there is not taken twice. With `expected`
   * none where it says no to one: what came is not what was asked for. With `copiesOfOne` none
   * where they are not copies of one credential: other claims would mark who shows them.
   *
   * @throws AsobaError `wallet.unknown-format`, `credential.malformed`, `wallet.credential-not-ours`,
   * `wallet.credential-unexpected`
   */
  receive(
    credentials: string | JsonObject | readonly (string | JsonObject)[],
    options?: {
      readonly copiesOfOne?: true
      expected?(view: CredentialView, format: string): boolean
    },
  ): Promise<readonly HeldCredential[]>
  /** Everything held, expired credentials among them. */
  list(): Promise<readonly HeldCredential[]>
  /**
   * The ways to answer a request, the best first; empty where it cannot be answered.
   *
   * @throws AsobaError `request.invalid`, `query.invalid`
   */
  match(request: PresentationRequest, options?: RequestOptions): Promise<readonly Match[]>
  /**
   * Answers a request in the way the holder agreed to: `match.disclosed` and what is always shown, nothing else.
   *
   * @throws AsobaError `request.invalid`, `query.invalid`, `wallet.match-stale` where the match is not
   * one of this request any more, `wallet.copies-exhausted`
   */
  present(
    request: PresentationRequest,
    match: Match,
    options?: RequestOptions,
  ): Promise<Presentation>
  /** Deletes a credential with all its copies; nothing happens where there is none. */
  forget(id: string): Promise<void>
  /** Deletes everything in the vault. Every later call fails with `wallet.erased`. */
  erase(): Promise<void>
}

/**
 * A wallet over a vault.
 *
 * @throws TypeError where two formats claim one document, unless they tell whose it is by its secret
 */
export function createWallet(options: WalletOptions): Wallet {
  const { vault = memoryVault(), secrets = randomSecrets(), reuse = 'never' } = options
  const { preparedLifetime = 86_400, now = () => new Date() } = options
  const formats = formatsById(options.formats)
  const inTurn = oneAtATime()
  const useFor = (audience: string): Use => ({ reuse, audience, now: now() })

  return {
    prepare: ({ format: id, count, type, issuer, lifetime = preparedLifetime }) =>
      inTurn(async () => {
        const format = formats.get(id)
        if (format === undefined) {
          throw new AsobaError('wallet.unknown-format', 'the wallet has no such format')
        }
        if (!Number.isInteger(count) || count < 1 || count > 1000) {
          throw new TypeError('count must be a whole number from 1 to 1000')
        }
        if (!Number.isInteger(lifetime) || lifetime < 1) {
          throw new TypeError('lifetime must be a whole number of seconds above 0')
        }
        await prune(vault, now())
        const expires = new Date(now().getTime() + lifetime * 1000)
        const proofs: HolderProof[] = []
        for (let made = 0; made < count; made++) {
          const { proof, retained } = await format.prepareHolder(secrets, {
            ...(type !== undefined && { type }),
            ...(issuer !== undefined && { issuer }),
          })
          await putPrepared(vault, { id: randomId(), format: id, proof, retained, expires })
          proofs.push(proof)
        }
        return proofs
      }),

    prove: (holder, use) =>
      inTurn(async () => {
        const waiting = (await readPrepared(vault)).filter(({ expires }) => now() < expires)
        const key = waiting.find(({ proof }) => sameHolder(proof, holder))
        if (key === undefined) {
          throw new AsobaError('wallet.credential-not-ours', 'the wallet has no such key prepared')
        }
        return use(key.retained)
      }),

    receive: (credentials, { expected = () => true, copiesOfOne = false } = {}) =>
      inTurn(async () => {
        const all = Array.isArray(credentials)
          ? (credentials as readonly (string | JsonObject)[])
          : [credentials as string | JsonObject]
        const ids = await receiveInto(vault, formats, all, { expected, copiesOfOne, now: now() })
        await prune(vault, now())
        const groups = await readGroups(vault, formats)
        return held(
          groups.filter(({ id }) => ids.has(id)),
          useFor(''),
        )
      }),

    list: () => inTurn(async () => held(await readGroups(vault, formats), useFor(''))),

    match: (request, requestOptions) =>
      inTurn(async () => {
        const read = readRequest(request, requestOptions)
        const groups = await readGroups(vault, formats)
        const plans = await plansFor(read, groups, useFor(read.audience))
        return plans.map(({ match }) => match)
      }),

    present: (request, match, requestOptions) =>
      inTurn(async () => {
        const read = readRequest(request, requestOptions)
        return present(read, match, { vault, formats, use: useFor(read.audience) })
      }),

    forget: (id) =>
      inTurn(async () => {
        for (const { copies } of (await readGroups(vault, formats)).filter(
          (group) => group.id === id,
        )) {
          for (const { copy } of copies) await deleteCopy(vault, copy.id)
        }
      }),

    erase: () => inTurn(async () => vault.erase(), { last: true }),
  }
}

async function held(groups: readonly Group[], use: Use): Promise<readonly HeldCredential[]> {
  const all: HeldCredential[] = []
  for (const group of groups) {
    const { id, format, copies } = group
    const shown = copies.find(({ view }) => isCurrent(view, use.now)) ?? copies[0]
    if (shown === undefined) continue
    all.push({
      id,
      format,
      view: shown.view,
      copies: copies.length,
      copiesLeft: await copiesLeft(group, use),
    })
  }
  return all
}

async function prune(vault: Vault, now: Date): Promise<void> {
  for (const { id, expires } of await readPrepared(vault)) {
    if (expires <= now) await deletePrepared(vault, id)
  }
}

/** Runs one operation after the other, so that two never take the same copy; after the last none. */
function oneAtATime(): <T>(
  run: () => Promise<T>,
  options?: { readonly last: boolean },
) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve()
  let erased = false
  return async (run, { last = false } = { last: false }) => {
    const turn = before.then(async () => {
      if (erased && !last) {
        throw new AsobaError('wallet.erased', 'the wallet was erased')
      }
      erased ||= last
      return run()
    })
    before = turn.catch(() => undefined)
    return turn
  }
}
