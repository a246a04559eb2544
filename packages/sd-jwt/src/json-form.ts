import { isJsonObject, type Json, type JsonObject } from '@asoba/core'

/**
 * The compact form of an SD-JWT in the flattened or general JSON serialisation, which is what is
 * verified and what `sd_hash` is over; `undefined` where it is neither. Of several signatures the
 * first counts. Unprotected parameters other than `disclosures` and `kb_jwt` are never read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-8
 */
export function compactOfJson(form: unknown): string | undefined {
  if (!isJsonObject(form)) return undefined
  const { payload, signatures } = form
  if (signatures !== undefined) {
    // RFC 7515 7.2.2: the flattened form has no `signatures`, and the other way round.
    if (!Array.isArray(signatures) || form['signature'] !== undefined) return undefined
    const [first, ...others] = signatures as readonly Json[]
    // 8.3: both members belong to the first unprotected header only.
    const alone = others.every((one) => isJsonObject(one) && !carries(one['header']))
    return isJsonObject(first) && alone ? join(first, payload) : undefined
  }
  return join(form, payload)
}

function join(signed: JsonObject, payload: Json | undefined): string | undefined {
  const { protected: header, signature, header: unprotected = {} } = signed
  if (typeof header !== 'string' || typeof payload !== 'string') return undefined
  if (typeof signature !== 'string' || !isJsonObject(unprotected)) return undefined
  const { disclosures = [], kb_jwt: keyBinding = '' } = unprotected
  if (!Array.isArray(disclosures) || typeof keyBinding !== 'string') return undefined
  const all = [`${header}.${payload}.${signature}`, ...(disclosures as readonly Json[])]
  if (!all.every((part) => typeof part === 'string' && !part.includes('~'))) return undefined
  return `${all.join('~')}~${keyBinding}`
}

function carries(header: Json | undefined): boolean {
  return isJsonObject(header) && ('disclosures' in header || 'kb_jwt' in header)
}

/**
 * The JSON serialisation of a compact SD-JWT (with or without key binding).
 *
 * @throws TypeError where the text is no compact SD-JWT
 * @see https://www.rfc-editor.org/rfc/rfc9901#section-8
 */
export function sdJwtToJson(
  compact: string,
  options: { readonly form: 'flattened' | 'general' },
): JsonObject {
  const [jwt = '', ...rest] = compact.split('~')
  const keyBinding = rest.pop()
  const [header, payload, signature, ...more] = jwt.split('.')
  if (keyBinding === undefined || signature === undefined || more.length > 0) {
    throw new TypeError('expected a compact SD-JWT')
  }
  const signed = {
    header: { disclosures: rest, ...(keyBinding !== '' && { kb_jwt: keyBinding }) },
    protected: header as string,
    signature,
  }
  return options.form === 'flattened'
    ? { payload: payload as string, ...signed }
    : { payload: payload as string, signatures: [signed] }
}
