import type { About, Kind } from './api.ts'

/** What is read of what people have already. Values are in the files; here stands what a person decides. */
export interface ImportFiles {
  files: ImportFile[]
  /** Where a file does not say it. */
  broker?: string
  /** The name, of a single account. */
  account?: string
  kind?: Kind
  /** What `api_secret` holds, where both are possible. */
  apiSecretIs?: 'secret' | 'token'
  /** The app’s secret once more: some files hold a token in its place. */
  apiSecret?: string
  apiKey?: string
  userId?: string
  /** Replaces the stored secret of an app that is known with another one, for all accounts that use it. */
  replaceSecret?: boolean
  /** Keeps the one file in step from then on: a mirror. */
  mirror?: boolean
  /** Does it; without it the plan alone is answered. */
  apply?: boolean
}
export interface ImportFile {
  /** Its full path, which says what it may be. */
  path: string
  text: string
}

/** What becomes of a token: it lives, it ended and can be renewed, it is dead, nobody could be asked, or there is none. */
export const importedTokens = ['live', 'renewable', 'dead', 'unknown', 'none'] as const
export interface ImportPlan {
  applied: boolean
  accounts: PlannedAccount[]
  /** What was read and is of no use. */
  ignored: string[]
}
export interface PlannedAccount extends About {
  /** What the file was taken for. */
  source: string
  apiKey: string
  userId: string | null
  /** Which field was taken for what: `api_secret: access token`. */
  readAs: string[]
  hasSecret: boolean
  token: (typeof importedTokens)[number]
  mirror: string | null
  notes: string[]
}
