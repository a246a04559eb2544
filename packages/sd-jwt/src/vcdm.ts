/**
 * The VC data model 2.0 secured as SD-JWT: `vc+sd-jwt` and `vp+sd-jwt` (VC-JOSE-COSE).
 *
 * @module
 */

export { type VcSdJwtOptions, vcSdJwt } from './vcdm/format.ts'
export {
  type IssueVcdmOptions,
  issueVcSdJwt,
  issueVpSdJwt,
  type VpSdJwtAddress,
} from './vcdm/issue.ts'
export { type VcSdJwtContext, verifyVcSdJwt } from './vcdm/verify-credential.ts'
export { verifyVpSdJwt } from './vcdm/verify-presentation.ts'
