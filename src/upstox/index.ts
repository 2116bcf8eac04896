/**
 * `bhor/upstox`: the authentication module of document 004, with its names in camelCase. docs/upstox-module.md shows it,
 * docs/from-document-004.md what is otherwise than there.
 *
 * @example
 * ```ts
 * import { Logger, UpstoxAuthenticator } from 'bhor/upstox'
 *
 * Logger.setup()
 * const auth = new UpstoxAuthenticator()
 * if (!auth.isAuthenticated()) console.log(`Visit: ${auth.getLoginUrl()}`)
 * ```
 */
export { BhorError, type ErrorCode, isBhorError } from '../core/errors.ts'
export { type AuthenticatorOptions, type AuthStatus, UpstoxAuthenticator } from './authenticator.ts'
export { Config, type ConfigOptions } from './config.ts'
export { type CredentialFields, Credentials } from './credentials.ts'
export { ErrorHandler } from './error-handler.ts'
export type { ExpiryWebhook } from './expiry-notice.ts'
export { Logger, type LoggerOptions, type LogLevel } from './logger.ts'
export { TimeUtils } from './time-utils.ts'
export { type TokenInfo, TokenManager } from './token-manager.ts'
