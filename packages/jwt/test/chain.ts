/**
 * A chain made once by the helper in certificates.ts: what runs in a browser too needs no library.
 * Its private keys are gone. Valid 2025 to 2049.
 */
export const leaf: string = [
  'MIIBzTCCAXOgAwIBAgICAQIwCgYIKoZIzj0EAwIwJzEUMBIGA1UEAxMLUmVnaXN0cnkgQ0ExDzANBgNVBAoTBk5hdGlv',
  'bjAeFw0yNTAxMDEwMDAwMDBaFw00OTEyMzEyMzU5NTlaMCQxETAPBgNVBAMTCFJlZ2lzdHJ5MQ8wDQYDVQQKEwZOYXRp',
  'b24wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQku1F/hqKhme+eeMDQbWdwZLc56egdHy7HE48gwGKGQrO5qy2El9mj',
  'R5+MGsBsJtltyf+Tp58qkwetP62mP/FIo4GRMIGOMA4GA1UdDwEB/wQEAwIHgDA8BgNVHREENTAzhh9odHRwczovL3Jl',
  'Z2lzdHJ5LmV4YW1wbGUvaXNzdWVyghByZWdpc3RyeS5leGFtcGxlMB0GA1UdDgQWBBQAcknmKbj1t3L3NAkDaeu9h9nB',
  'fzAfBgNVHSMEGDAWgBS90iA+RZ8qI/O+3fUOQV/+OMjv0jAKBggqhkjOPQQDAgNIADBFAiAIEb9FVlKD4YKAv/2tF9Wp',
  'sQ0iQRgTjqsKsXxCSr431gIhAK1umr1xa1r1M0vFB3RnExMh81z85k4YU/hOfmWflzsO',
].join('')

export const middle: string = [
  'MIIBmzCCAUKgAwIBAgICAQIwCgYIKoZIzj0EAwIwIjEPMA0GA1UEAxMGQW5jaG9yMQ8wDQYDVQQKEwZOYXRpb24wHhcN',
  'MjUwMTAxMDAwMDAwWhcNNDkxMjMxMjM1OTU5WjAnMRQwEgYDVQQDEwtSZWdpc3RyeSBDQTEPMA0GA1UEChMGTmF0aW9u',
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3QaT4+anzUTNE3RZ7IR6HfZ9wkz61BlxxUCsM1caSirRTkByk0UgyJK9',
  'AXGl6Nc56ehRXzdj7yoabwCwoZ2DlqNjMGEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYE',
  'FL3SID5Fnyoj877d9Q5BX/44yO/SMB8GA1UdIwQYMBaAFBxNniGOFPQ6Uqy0CqbWlMqHgRn+MAoGCCqGSM49BAMCA0cA',
  'MEQCIEIFXqSPQ3d7B5cZeplgRzqD9Wx7SEYIDCEAZGWLFllEAiAsGNWmf/dn8nq2kTO1JDygFDuWn3IuJ1eTh0BxOTcX',
  'rg==',
].join('')

export const anchor: string = [
  'MIIBmDCCAT2gAwIBAgICAQIwCgYIKoZIzj0EAwIwIjEPMA0GA1UEAxMGQW5jaG9yMQ8wDQYDVQQKEwZOYXRpb24wHhcN',
  'MjUwMTAxMDAwMDAwWhcNNDkxMjMxMjM1OTU5WjAiMQ8wDQYDVQQDEwZBbmNob3IxDzANBgNVBAoTBk5hdGlvbjBZMBMG',
  'ByqGSM49AgEGCCqGSM49AwEHA0IABL3lnh/ISCgxVteVeNiYD18+f5N1k24dhwnSGMf1lOC5ddZGSZ36rvZ7uNmlcjw9',
  'EGAMM9beQ7rq0M3sYjFlNIujYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBQcTZ4h',
  'jhT0OlKstAqm1pTKh4EZ/jAfBgNVHSMEGDAWgBQcTZ4hjhT0OlKstAqm1pTKh4EZ/jAKBggqhkjOPQQDAgNJADBGAiEA',
  'rzYh+ODTVZORIqgYmOycCnaZh064wUtvGGhf2q/Fe2cCIQDoMYk45cHiWKKrHOz1sIiqPf3aZ4u7PBAAM0kvsgv+qA==',
].join('')

export const chain: readonly string[] = [leaf, middle]

/** Bytes of base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

export const anchors: readonly Uint8Array[] = [bytesOf(anchor)]
export const at = new Date('2026-03-01T12:00:00Z')
