import type { JsonObject } from '@asoba/core'
import { jwkSigner, jwkToMultikey, keyFromSeed } from '@asoba/did'
import { allowInsecureLoopback } from '@asoba/did/unsafe'
import { createWebvh, updateWebvh } from '@asoba/did/webvh'
import type { ServiceParts } from 'example-kit/service'
import { didDocument, didWebOf, type ServiceKey, type ServiceKeys } from 'example-kit/service-keys'
import { sql } from 'kysely'

/**
 * The history of the registry as did:webvh, beside its did:web: every key that it ever had, each
 * version chained to the one before, so that who takes the host cannot rewrite it. A version is
 * added when the keys have changed. The key that signs versions is derived from the secret.
 */
export function createDidLog(
  parts: ServiceParts,
  keys: ServiceKeys,
  now: () => Date = () => new Date(),
): () => Promise<string> {
  const { origin, insecure, database } = parts
  const { hostname, port } = new URL(origin)
  const loopback = insecure ? { [allowInsecureLoopback]: true as const } : {}
  const name = 'registry'

  const members = (did: string, all: readonly ServiceKey[]): JsonObject => ({
    ...(didDocument(did, all) as unknown as JsonObject),
    alsoKnownAs: [didWebOf(origin)],
  })
  const lastOf = (log: string): { readonly ids: string; readonly at: number } => {
    const { versionTime, state } = JSON.parse(log.trimEnd().split('\n').at(-1) ?? '{}') as {
      readonly versionTime: string
      readonly state: { readonly assertionMethod: readonly string[] }
    }
    const ids = state.assertionMethod.map((each) => each.split('#')[1]).join()
    return { ids, at: Date.parse(versionTime) }
  }

  return async () => {
    const all = await keys.all()
    const ids = all.map(({ id }) => id).join()
    for (let tries = 0; tries < 8; tries++) {
      const { rows } = await sql<{ log: string; version: string }>`
        select log, version::text as version from did_logs where name = ${name}`.execute(database)
      const [row] = rows
      const last = row === undefined ? undefined : lastOf(row.log)
      // Versions are a second apart at least: what is new in this one is published in the next.
      const early = last !== undefined && now().getTime() < last.at + 1000
      if (row !== undefined && (last?.ids === ids || early)) return row.log
      const seed = await parts.deriveKey('did-webvh-update')
      const { publicJwk, privateJwk } = await keyFromSeed('EdDSA', seed)
      const multikey = jwkToMultikey(publicJwk)
      const verificationMethod = `did:key:${multikey}#${multikey}`
      const signer = await jwkSigner({ privateJwk, verificationMethod })
      const signing = { signer, now: now(), ...loopback }
      const made =
        row === undefined
          ? await createWebvh({
              host: hostname,
              ...(port !== '' && { port: Number(port) }),
              updateKeys: [multikey],
              document: (did) => members(did, all),
              ...signing,
            })
          : await updateWebvh(row.log, {
              document: (current) => members(String(current['id']), all),
              ...signing,
            })
      // Replicas may do this at once: the first one's version is the version.
      await (row === undefined
        ? sql`insert into did_logs (name, log, version) values (${name}, ${made.log}, 1)
            on conflict (name) do nothing`.execute(database)
        : sql`update did_logs set log = ${made.log}, version = version + 1
            where name = ${name} and version = ${row.version}::bigint`.execute(database))
    }
    throw new Error('the log of the DID is always changing')
  }
}
