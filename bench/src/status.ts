import { gunzipSync, gzipSync } from 'node:zlib'
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  type PackedStatuses,
  putStatus,
  statusAt,
} from '@asoba/status'
import { bitstringAt, decodeBitstring, encodeBitstring } from '@asoba/status/bitstring'
import { Bitstring } from '@digitalbazaar/bitstring'
import { StatusList as PeerList } from '@sd-jwt/jwt-status-list'
import { type Contender, compare, type Target } from './compare.ts'

const bazaar = '@digitalbazaar/bitstring'
const index = 4242

/**
 * Status lists of one bit, 1 % revoked: encode; decode and read one entry. Token Status List, each
 * with what it wrote itself; then Bitstring Status List with the very list that Digital Bazaar wrote.
 */
export async function benchStatus(entries: number): Promise<boolean> {
  const packed: PackedStatuses = { bits: 1, bytes: new Uint8Array(entries / 8) }
  const peer = new Bitstring({ length: entries })
  for (let count = 0; count < entries / 100; count++) {
    const revoked = (crypto.getRandomValues(new Uint32Array(1))[0] as number) % entries
    putStatus(packed, revoked, 1)
    peer.set(revoked, true)
  }
  const ours = await encodeTokenStatusList(packed)
  const theirs = await peer.encodeBits()
  // The standard puts a multibase letter before it, the peer's package above this one writes it.
  const encodedList = `u${theirs}`
  const raw = gzipSync(packed.bytes)
  const title = `${entries.toLocaleString('en')} entries`
  const options = entries > 1_000_000 ? { rounds: 41 } : {}

  const encode = { name: 'asoba', run: () => encodeTokenStatusList(packed) }
  const decode = {
    name: 'asoba',
    run: async () => {
      const list = await decodeTokenStatusList(ours)
      if (list === undefined) throw new Error('our own list is refused')
      return statusAt(list, index)
    },
  }
  const gzip = { name: 'node:zlib gzip alone', run: () => gzipSync(packed.bytes) }
  const gunzip = { name: 'node:zlib gunzip alone', run: () => gunzipSync(raw) }
  const bazaarEncodes = { name: bazaar, run: () => peer.encodeBits() }
  const bazaarDecodes = {
    name: bazaar,
    run: async () =>
      new Bitstring({ buffer: await Bitstring.decodeBits({ encoded: theirs }) }).get(index),
  }
  const twice: readonly Target[] = [{ faster: 2, than: bazaar }]
  const fourfold: readonly Target[] = [{ faster: 4, than: bazaar }]

  const results = [
    await compare(
      `Token status list encode, ${title}`,
      [encode, bazaarEncodes, gzip],
      twice,
      options,
    ),
    await compare(
      `Token status list decode and read one entry, ${title}`,
      [decode, bazaarDecodes, gunzip],
      fourfold,
      options,
    ),
    await compare(
      `Bitstring status list encode, ${title}`,
      [{ name: 'asoba', run: () => encodeBitstring({ bytes: peer.bits }) }, bazaarEncodes, gzip],
      twice,
      options,
    ),
    await compare(
      `Bitstring status list of the peer, decode and read one entry, ${title}`,
      [
        {
          name: 'asoba',
          run: async () => {
            const list = await decodeBitstring(encodedList)
            if (list === undefined) throw new Error('the list of the peer is refused')
            return bitstringAt(list, index)
          },
        },
        bazaarDecodes,
        gunzip,
      ],
      fourfold,
      options,
    ),
  ]
  await benchNumbers(packed, encode, decode, title)
  return results.every(Boolean)
}

/**
 * A peer that keeps a number for every entry, by itself: its 80 MB would be in the heap of all
 * others, and each would pay for going through them.
 */
async function benchNumbers(
  packed: PackedStatuses,
  encode: Contender,
  decode: Contender,
  title: string,
): Promise<void> {
  const name = '@sd-jwt/jwt-status-list 0.19'
  const entries = packed.bytes.length * 8
  const numbers = Array.from({ length: entries }, (_, at) => statusAt(packed, at) as number)
  const peer = new PeerList(numbers, 1)
  const encoded = peer.compressStatusList()
  const options = { rounds: 5, warmUpMs: 500 }
  await compare(
    `Token status list encode, ${title}`,
    [encode, { name, run: () => peer.compressStatusList() }],
    [],
    options,
  )
  await compare(
    `Token status list decode and read one entry, ${title}`,
    [decode, { name, run: () => PeerList.decompressStatusList(encoded, 1).getStatus(index) }],
    [],
    options,
  )
}
