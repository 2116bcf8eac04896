export type DoorName = 'desk' | 'socket'

/** A way in. Guard, server and access rules read what they do from it; another listener is another row. */
export interface Door {
  readonly name: DoorName
  /** Web pages can knock here, so Host, Origin and Sec-Fetch must be those of our own page or of a program. */
  readonly isForBrowsers: boolean
  /** Who comes in: somebody who shows a credential, or nobody but the user who runs bhor. */
  readonly admits: 'holder' | 'operator'
  /** The parts of the route table that are served. */
  readonly serves: readonly Part[]
}

/** A part of the route table; `parts.ts` has the rows. */
export type Part = 'api' | 'checks' | 'pages' | 'callbacks'

export const doors = {
  /** TCP on loopback. */
  desk: {
    name: 'desk',
    isForBrowsers: true,
    admits: 'holder',
    serves: ['checks', 'api', 'pages', 'callbacks'],
  },
  /** The Unix socket that only this user can open, and a command that does the work in its own process. */
  socket: { name: 'socket', isForBrowsers: false, admits: 'operator', serves: ['checks', 'api'] },
} as const satisfies Record<DoorName, Door>
