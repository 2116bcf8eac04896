import type { LoginKind } from '../../../src/contracts/api.ts'

/** A login that this tab began. */
export interface OwnLogin {
  readonly id: string
  readonly method: LoginKind
  /** The broker's page, for who wants to open it again. */
  readonly url: string | null
}

const shelf = 'bhor-logins'
/** A login lives ten minutes: older ones are of no use. */
const most = 10

/** The logins that this tab began, also before it was reloaded. They are forgotten with the tab. */
export const ownLogins = {
  keep(login: OwnLogin): void {
    sessionStorage.setItem(shelf, JSON.stringify([...read(), login].slice(-most)))
  },
  find: (id: string): OwnLogin | undefined => read().find((each) => each.id === id),
}

function read(): readonly OwnLogin[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(shelf) ?? '[]')
    return Array.isArray(kept) ? (kept as OwnLogin[]) : []
  } catch {
    return []
  }
}
