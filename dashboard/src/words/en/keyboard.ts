export const keyboard = {
  title: 'Keys',
  open: 'Keys',
  acts: {
    help: 'this list',
    search: 'search the accounts',
    login: 'log in who needs it first',
    refresh: 'read everything again',
    page: (name: string) => `go to ${name}`,
  },
  closes: 'close what is open',
  escapeKey: 'Esc',
  enabled: 'Use these keys',
  enabledHelp: 'Off where a screen reader or voice control needs them. Tab and Enter work in any case.',
  readAgain: 'Everything is read again.',
  nobodyWaits: 'Nobody needs a login.',
}
