import {
  createKey,
  didJwkOf,
  didKeyOf,
  didResolver,
  findVerificationKeys,
  jwk,
  key,
} from '@asoba/did'
import { type Resolvable, Resolver } from 'did-resolver'
import { expect, test } from 'vitest'

test('our resolver is a method of did-resolver', async () => {
  const { publicJwk } = await createKey('ES256')
  const did = didKeyOf(publicJwk)
  const ours = didResolver({ methods: [key] })
  const theirs = new Resolver({ key: (asked) => ours.resolve(asked) as never })
  const { didDocument } = await theirs.resolve(did)
  expect(didDocument?.id).toBe(did)
})

test('their resolver finds keys for us', async () => {
  const { publicJwk } = await createKey('ES256')
  const did = didJwkOf(publicJwk)
  const ours = didResolver({ methods: [jwk] })
  const theirs: Resolvable = new Resolver({ jwk: (asked) => ours.resolve(asked) as never })
  const found = await findVerificationKeys(theirs, { did, relationship: 'assertionMethod' })
  expect(found.verified && found.keys[0]?.publicJwk.x).toBe(publicJwk.x)
})
