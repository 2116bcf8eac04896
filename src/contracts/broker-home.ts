/** What a broker is to people and to other programs; data that bhor itself does not need to hold a session. */

export interface Link {
  readonly kind: 'login' | 'console' | 'docs' | 'forum' | 'status'
  readonly label: string
  readonly url: string
}

/**
 * What no source says of this broker, or only an example, and one read with a real account tells. It is always a GET,
 * and kept of its answer are status, code and shape.
 */
export interface OpenQuestion {
  /** `dead-token` */
  readonly id: string
  /** One sentence for people. */
  readonly asks: string
  /** A role in `hosts`. */
  readonly host: string
  /** Plain, without a query. */
  readonly path: string
  /** The kind of token that it is asked with, `access` when left out; `none`: with one that the broker never gave. */
  readonly token?: string
}

/** Lines for the broker's official client, which is made from the variable `session`. */
export interface Snippet {
  /** The command that installs the client. */
  readonly install: string
  readonly imports: string
  readonly use: string
}

/** Fields as an import knows them: those of the manifest, and `accessToken`, `refreshToken`, `redirectUrl`, `userId`. */
type FieldName = string

export interface EnvironmentNames {
  /** E.g. `KITE_`: how to tell a variable of this broker, also with a suffix for one of several accounts. */
  readonly prefixes: readonly string[]
  /** The names in use, the most common one first, by field. */
  readonly names: Readonly<Record<FieldName, readonly string[]>>
}

/** How to tell that a file, or one object in it, holds an account of this broker. */
export interface Recogniser {
  /** What it is, in the words of the plan that is shown before anything is stored. */
  readonly name: string
  /** All of these keys are there … */
  readonly keys: readonly string[]
  /** … none of these is: they would mean another file … */
  readonly without?: readonly string[]
  /** … and these hold one of these texts, whatever their case. */
  readonly values?: Readonly<Record<string, readonly string[]>>
  /** Which key holds which field. */
  readonly fields: Readonly<Record<FieldName, string>>
}
