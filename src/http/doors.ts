export type DoorName = 'desk' | 'socket' | 'porch'

/** A way in. Guard, server and access rules read what they do from it; another listener is another row. */
export interface Door {
  readonly name: DoorName
  /** Web pages can knock here, so Host, Origin and Sec-Fetch must be those of our own page or of a program. */
  readonly isForBrowsers: boolean
  /** Who comes in: somebody who shows a credential, nobody but the user who runs bhor, or anybody from anywhere. */
  readonly admits: 'holder' | 'operator' | 'anybody'
  /** Whoever is refused gets a status and not a word. */
  readonly isTerse: boolean
  /** The parts of the route table that are served. */
  readonly serves: readonly Part[]
}

/** A part of the route table; `parts.ts` has the rows. */
export type Part = 'api' | 'checks' | 'pages' | 'callbacks' | 'porch'

export const doors = {
  /** TCP on loopback. */
  desk: {
    name: 'desk',
    isForBrowsers: true,
    admits: 'holder',
    isTerse: false,
    serves: ['checks', 'api', 'pages', 'callbacks'],
  },
  /** The Unix socket that only this user can open, and a command that does the work in its own process. */
  socket: {
    name: 'socket',
    isForBrowsers: false,
    admits: 'operator',
    isTerse: false,
    serves: ['checks', 'api'],
  },
  /** The one that may be reachable from outside. It sets and reads no cookie, and knows no credential. */
  porch: { name: 'porch', isForBrowsers: true, admits: 'anybody', isTerse: true, serves: ['porch'] },
} as const satisfies Record<DoorName, Door>
