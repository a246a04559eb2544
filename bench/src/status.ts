import { gunzipSync, gzipSync } from 'node:zlib'
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  type PackedStatuses,
  statusAt,
} from '@asoba/status'
import { Bitstring } from '@digitalbazaar/bitstring'
import { StatusList as PeerList } from '@sd-jwt/jwt-status-list'
import { compare } from './compare.ts'

/** Status lists of one bit, 1 % revoked: encode; decode and read one entry. */
export async function benchStatus(entries: number): Promise<boolean> {
  const packed: PackedStatuses = { bits: 1, bytes: new Uint8Array(entries / 8) }
  const numbers = new Array<number>(entries).fill(0)
  const peer = new Bitstring({ length: entries })
  for (let count = 0; count < entries / 100; count++) {
    const index = (crypto.getRandomValues(new Uint32Array(1))[0] as number) % entries
    packed.bytes[index >> 3] = (packed.bytes[index >> 3] ?? 0) | (1 << (index & 7))
    numbers[index] = 1
    peer.set(index, true)
  }
  const ours = await encodeTokenStatusList(packed)
  const theirs = await peer.encodeBits()
  const peerList = new PeerList(numbers, 1)
  const peerEncoded = peerList.compressStatusList()
  const raw = gzipSync(packed.bytes)
  const title = `${entries.toLocaleString('en')} entries`
  const slow = { rounds: entries > 1_000_000 ? 5 : 9, turnMs: 40 }
  const encoded = await compare(
    `Status list encode, ${title}`,
    [
      { name: 'asoba', run: () => encodeTokenStatusList(packed) },
      { name: '@digitalbazaar/bitstring', run: () => peer.encodeBits() },
      { name: '@sd-jwt/jwt-status-list 0.19', run: () => peerList.compressStatusList() },
      { name: 'node:zlib gzip alone', run: () => gzipSync(packed.bytes) },
    ],
    [{ faster: 2, than: '@digitalbazaar/bitstring' }],
    slow,
  )
  const decoded = await compare(
    `Status list decode and read one entry, ${title}`,
    [
      {
        name: 'asoba',
        run: async () => {
          const list = await decodeTokenStatusList(ours)
          if (list === undefined) throw new Error('our own list is refused')
          return statusAt(list, 4242)
        },
      },
      {
        name: '@digitalbazaar/bitstring',
        run: async () =>
          new Bitstring({ buffer: await Bitstring.decodeBits({ encoded: theirs }) }).get(4242),
      },
      {
        name: '@sd-jwt/jwt-status-list 0.19',
        run: () => PeerList.decompressStatusList(peerEncoded, 1).getStatus(4242),
      },
      { name: 'node:zlib gunzip alone', run: () => gunzipSync(raw) },
    ],
    [{ faster: 4, than: '@digitalbazaar/bitstring' }],
    slow,
  )
  return encoded && decoded
}
