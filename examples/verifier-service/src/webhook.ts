import { createHmac, randomUUID } from 'node:crypto'
import { codeOf, type Log } from 'example-kit/log'

/** Tells the partner's own system that an answer is there to be collected. */
export type Webhook = (id: string) => void

/**
 * A webhook signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`,
 * `webhook-signature`: HMAC-SHA-256 over `id.timestamp.body`). It names the request and nothing
 * that anybody answered: whoever reads it on the way learns nothing, and who collects needs the
 * transaction too.
 */
export function createWebhook(
  target: { readonly url: string; readonly secret: Uint8Array },
  log: Log,
  options: { readonly fetch?: typeof fetch; readonly delays?: readonly number[] } = {},
): Webhook {
  const { fetch: send = fetch, delays = [0, 1_000, 10_000, 60_000] } = options
  const deliver = async (id: string): Promise<void> => {
    const body = JSON.stringify({ type: 'presentation.answered', data: { id } })
    const messageId = `msg_${randomUUID()}`
    for (const delay of delays) {
      await new Promise((resolve) => setTimeout(resolve, delay).unref())
      const timestamp = String(Math.floor(Date.now() / 1000))
      const signature = createHmac('sha256', target.secret)
        .update(`${messageId}.${timestamp}.${body}`)
        .digest('base64')
      try {
        const response = await send(target.url, {
          method: 'POST',
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(10_000),
          headers: {
            'content-type': 'application/json',
            'webhook-id': messageId,
            'webhook-timestamp': timestamp,
            'webhook-signature': `v1,${signature}`,
          },
        })
        await response.body?.cancel()
        if (response.ok) return
        log('warn', 'webhook-refused', { status: response.status })
      } catch (error) {
        log('warn', 'webhook-failed', { code: codeOf(error) })
      }
    }
    log('error', 'webhook-given-up')
  }
  return (id) => void deliver(id)
}
