import type { BundledContext } from './bundled.ts'

/** The text as its authors publish it; W3C Credentials Community Group, BSD 3-Clause. */
export const statusList2021V1: BundledContext = {
  url: 'https://w3id.org/vc/status-list/2021/v1',
  sha256: '634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160',
  text: `{
  "@context": {
    "@protected": true,
    "StatusList2021Credential": {
      "@id": "https://w3id.org/vc/status-list#StatusList2021Credential",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "description": "http://schema.org/description",
        "name": "http://schema.org/name"
      }
    },
    "StatusList2021": {
      "@id": "https://w3id.org/vc/status-list#StatusList2021",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "statusPurpose": "https://w3id.org/vc/status-list#statusPurpose",
        "encodedList": "https://w3id.org/vc/status-list#encodedList"
      }
    },
    "StatusList2021Entry": {
      "@id": "https://w3id.org/vc/status-list#StatusList2021Entry",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "statusPurpose": "https://w3id.org/vc/status-list#statusPurpose",
        "statusListIndex": "https://w3id.org/vc/status-list#statusListIndex",
        "statusListCredential": {
          "@id": "https://w3id.org/vc/status-list#statusListCredential",
          "@type": "@id"
        }
      }
    }
  }
}`,
}
