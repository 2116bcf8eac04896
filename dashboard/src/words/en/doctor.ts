import type { Gravity } from '../../../../src/contracts/api.ts'

/** What the doctor finds. */
export const doctor = {
  lead: 'Looks this installation over: what is so, what is wrong, and what to do about it.',
  again: 'Look again',
  looking: 'Looking…',
  asOf: (time: string) => `As of ${time}.`,
  well: 'Everything is fine.',
  summary: (grave: number, warnings: number) => {
    const some = warnings === 1 ? '1 warning' : `${warnings} warnings`
    if (grave === 0) return `${some}.`
    const first = grave === 1 ? 'One thing is grave' : `${grave} things are grave`
    return warnings === 0 ? `${first}.` : `${first}, ${some}.`
  },
  gravities: {
    grave: 'Grave',
    warning: 'Warnings',
    note: 'Good to know',
    fine: 'Fine',
  } satisfies Record<Gravity, string>,
  command: 'command',
  rollback:
    'Nothing leaves until the newest store is back. Where there is none, this command takes the store as it is; only the user who runs bhor can say so, since a store that went back cannot vouch for who is at a page. Every live session is asked about at its broker before it leaves again.',
  seeTo: (page: string) => `See to it: ${page}`,
  checks: {
    store: 'Store',
    audit: 'Record',
    backup: 'Backup',
    runtime: 'Runtime',
    clock: 'Clock',
    accounts: 'Accounts',
    egress: 'Way out',
    calendar: 'Trading days',
    hygiene: 'Unused',
    'roll-call': 'Morning',
    porch: 'Porch',
    'data folder': 'Data folder',
    'private files': 'Private files',
    'core dumps': 'Core dumps',
  } as Readonly<Record<string, string>>,
}
