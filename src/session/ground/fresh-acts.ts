/** What a key with the right for it may do: `by right` for what keys are made for, `never` for what only people do. */
type Keys = 'by right' | 'never'

/**
 * What somebody at the page confirms anew: whoever finds the page open, or gets at it in any other way, must not be able
 * to take something lasting with him. Asked by `requireFresh`.
 */
export const freshActs = {
  'token.show': { text: 'get a token out of bhor', keys: 'by right' },
  'account.egress': { text: 'change the way out of an account', keys: 'never' },
  'account.secrets': { text: 'change the secrets of an account', keys: 'never' },
  'account.person': { text: 'change whose account this is', keys: 'never' },
  'account.remove': { text: 'remove an account', keys: 'never' },
  'gate.open': { text: 'let an account trade again', keys: 'by right' },
  'alerts.change': { text: 'change where alerts go', keys: 'never' },
  'mirrors.change': { text: 'change which files a session is written to', keys: 'never' },
  'key.add': { text: 'make a client key', keys: 'by right' },
  'audit.export': { text: 'take a copy of the record out of bhor', keys: 'by right' },
  'audit.archive': { text: 'write old records into a file, after which they may be pruned', keys: 'never' },
  'backup.make': { text: 'write a backup, which holds everything', keys: 'never' },
  'backup.drill': { text: 'try a backup out', keys: 'never' },
  'vault.rotate': { text: 'replace the data key', keys: 'never' },
  'vault.master': { text: 'replace the master key', keys: 'never' },
  'desk.passphrase': { text: 'change the passphrase of this page', keys: 'never' },
  'browsers.revoke_all': { text: 'sign out every browser', keys: 'never' },
} as const satisfies Record<string, { readonly text: string; readonly keys: Keys }>

export type FreshAct = keyof typeof freshActs

/** How long a confirmation counts. */
export const freshForMs = 5 * 60_000
