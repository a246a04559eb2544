import encodeQR from 'qr'
import { type Html, html, trustedHtml } from './html.ts'

/** A QR code as SVG in a figure, named for those who do not see it. */
export function qrCode(text: string, label: string): Html {
  // Little error correction: a screen is not dirty, and fewer modules are read sooner.
  const svg = encodeQR(text, 'svg', { ecc: 'low', border: 4 })
  const path = /^<svg viewBox="[\d ]+" xmlns="[^"]+">(<path d="[^"<>]+"\/?>.*)<\/svg>$/s.exec(
    svg,
  )?.[1]
  const box = /viewBox="([\d ]+)"/.exec(svg)?.[1]
  if (path === undefined || box === undefined) throw new Error('the QR code has another form')
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="${box}" shape-rendering="crispEdges">${trustedHtml(path)}</svg>`
}
