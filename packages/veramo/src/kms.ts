import {
  AsobaError,
  type BbsSigner,
  fromUtf8,
  isJsonObject,
  type Jwk,
  type PrivateJwk,
  parseJson,
  type Signer,
  toBase64url,
  utf8,
  type Vault,
} from '@asoba/core'
import type { IKey, ManagedKeyInfo, MinimalImportableKey } from '@veramo/core'
import { jwkOfManagedKey, managedKeyOfJwk, toHex } from './key-forms.ts'
import {
  generate,
  importHex,
  unsupported,
  type WorkingKey,
  workWith,
  workWithBbs,
} from './kms-keys.ts'

/** A key that lies elsewhere: an HSM, a KMS in a cloud, WebCrypto. */
export interface OutsideKey {
  readonly kid: string
  readonly publicJwk: Jwk
  readonly signer: Signer | BbsSigner
}

/** What {@link asobaKms} is made of. */
export interface AsobaKmsOptions {
  /**
   * Where private keys are kept. A vault gets them in the clear and must seal what it keeps;
   * `'process'` keeps them as keys of the platform that nobody can read out, until the process ends.
   */
  readonly vault: Vault | 'process'
  /** Keys that lie elsewhere; `createKey` never makes such, and `deleteKey` only forgets them. */
  readonly outside?: readonly OutsideKey[]
}

/** A key management system of Veramo: all that its `KeyManager` asks for. */
export interface AsobaKms {
  /** A fresh key: `Ed25519`, `Secp256r1`, `Secp256k1`, `X25519`, `Bls12381G2`. @throws AsobaError `key.unsupported` */
  createKey(args: { type: string; meta?: unknown; kid?: string }): Promise<ManagedKeyInfo>
  /** Takes a private key in; nothing gives it out again. @throws AsobaError `key.invalid`, `key.unsupported` */
  importKey(args: Omit<MinimalImportableKey, 'kms'>): Promise<ManagedKeyInfo>
  /** All keys, without their private parts. */
  listKeys(): Promise<ManagedKeyInfo[]>
  /** Whether there was one. */
  deleteKey(args: { kid: string }): Promise<boolean>
  /** Signature in base64url; ECDSA as r‖s. @throws AsobaError `signer.missing`, `key.unsupported` */
  sign(args: { keyRef: Pick<IKey, 'kid'>; algorithm?: string; data: Uint8Array }): Promise<string>
  /** The secret of a key agreement in hex; never a key by itself. @throws AsobaError `signer.missing`, `key.unsupported` */
  sharedSecret(args: {
    myKeyRef: Pick<IKey, 'kid'>
    theirKey: Pick<IKey, 'publicKeyHex' | 'type'>
  }): Promise<string>
  /** Signs the text of a JWT. */
  signJWT(args: { key: Pick<IKey, 'kid'>; data: string | Uint8Array }): Promise<string>
  /** @throws AsobaError `key.unsupported`: there are no Ethereum transactions here */
  signEthTX(args: { key: Pick<IKey, 'kid'>; transaction: object }): Promise<string>
}

const prefix = 'veramo-key/'

/**
 * A key management system for Veramo's `KeyManager` whose private keys no call gives out, BBS keys
 * (`Bls12381G2`) among them. Everything over `Signer` and `Vault` of `@asoba/core`.
 */
export function asobaKms(options: AsobaKmsOptions): AsobaKms {
  const { outside = [] } = options
  const vault = options.vault === 'process' ? undefined : options.vault
  // In a process keys are kept at work; from a vault each is read when it has work to do.
  const working = new Map<string, WorkingKey>(outside.map((each) => [each.kid, outsideKey(each)]))

  const read = async (kid: string): Promise<WorkingKey | undefined> => {
    const record = working.has(kid) ? undefined : await vault?.get(prefix + kid)
    const jwk = record && parseJson(fromUtf8(record) ?? '')
    return isJsonObject(jwk) ? workWith(jwk as unknown as PrivateJwk) : working.get(kid)
  }
  const find = async (kid: string): Promise<WorkingKey> => {
    const key = await read(kid)
    if (key === undefined) throw new AsobaError('signer.missing', 'there is no such key here')
    return key
  }
  const keep = async (privateJwk: PrivateJwk, kid: string | undefined): Promise<ManagedKeyInfo> => {
    const key = await workWith(privateJwk)
    const info = infoOf(kid, key)
    if ((await read(info.kid)) !== undefined) throw new TypeError('there is a key of this kid')
    if (vault === undefined) working.set(info.kid, key)
    else await vault.set(prefix + info.kid, utf8(JSON.stringify(privateJwk)))
    return info
  }
  const sign: AsobaKms['sign'] = async ({ keyRef, algorithm, data }) =>
    toBase64url(await (await find(keyRef.kid)).sign(data, algorithm))

  return {
    createKey: async ({ type, kid }) => keep(await generate(type), kid),
    importKey: async ({ type, privateKeyHex, kid }) =>
      keep(await importHex(type, privateKeyHex), kid),
    async listKeys() {
      const kept = (await vault?.list())?.filter((id) => id.startsWith(prefix)) ?? []
      const kids = [...working.keys(), ...kept.map((id) => id.slice(prefix.length))]
      return Promise.all(kids.map(async (kid) => infoOf(kid, await find(kid))))
    },
    async deleteKey({ kid }) {
      const there = (await read(kid)) !== undefined
      working.delete(kid)
      await vault?.delete(prefix + kid)
      return there
    },
    sign,
    async sharedSecret({ myKeyRef, theirKey }) {
      const other = jwkOfManagedKey(theirKey)
      if (other === undefined) throw unsupported()
      return toHex(await (await find(myKeyRef.kid)).agree(other))
    },
    signJWT: ({ key, data }) =>
      sign({ keyRef: key, data: typeof data === 'string' ? utf8(data) : data }),
    async signEthTX() {
      throw unsupported()
    },
  }
}

function infoOf(kid: string | undefined, { publicJwk, algorithms }: WorkingKey): ManagedKeyInfo {
  const { type, publicKeyHex } = managedKeyOfJwk(publicJwk)
  const meta = { algorithms: [...algorithms] }
  return { kid: kid ?? publicKeyHex, kms: '', type, publicKeyHex, meta }
}

function outsideKey({ publicJwk, signer }: OutsideKey): WorkingKey {
  if (!('algorithm' in signer)) return workWithBbs(signer, publicJwk)
  return {
    publicJwk,
    algorithms: [signer.algorithm],
    async sign(data, algorithm) {
      if ((algorithm ?? signer.algorithm) !== signer.algorithm) throw unsupported()
      return signer.sign(data)
    },
    async agree() {
      throw unsupported()
    },
  }
}
