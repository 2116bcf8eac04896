import type { Secret } from '../core/secret.ts'

/**
 * Where the user keeps secrets of his own: `env:NAME`, `file:/path`, `command:op read op://…`. What is stored is the
 * reference; the secret is asked for when it is needed.
 */
export interface SecretSources {
  /** @throws BhorError `secret_source_failed`, `secret_source_refused` */
  read(reference: string): Promise<Secret>
  /**
   * What shows before anybody asks: a variable or a file is looked for, a command is not run.
   *
   * @throws BhorError `secret_source_failed`, `secret_source_refused`
   */
  check(reference: string): Promise<void>
  fits(secret: Secret, pattern: RegExp): boolean
}
