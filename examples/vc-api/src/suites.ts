import { bbs2023Cryptosuite } from '@asoba/bbs/cryptosuite'
import {
  type Cryptosuite,
  ecdsaJcs2019,
  ecdsaRdfc2019,
  ecdsaSd2023,
  eddsaJcs2022,
  eddsaRdfc2022,
  type RdfProcessor,
} from '@asoba/data-integrity'

/** Every cryptosuite there is here. */
export function allSuites(jsonLd: RdfProcessor): readonly Cryptosuite[] {
  return [
    eddsaJcs2022(),
    eddsaRdfc2022(jsonLd),
    ecdsaJcs2019(),
    ecdsaRdfc2019(jsonLd),
    ecdsaSd2023(jsonLd),
    // VC-API has no word for a presentation header, so a derived proof is as good as its copy.
    bbs2023Cryptosuite(jsonLd, { feature: 'baseline', presentationHeader: undefined }),
  ]
}
