/** What stands in every form. */
export const forms = {
  restored: 'What you had typed is here again.',
  withoutSecrets: 'Secrets are not kept: type them once more.',
  startOver: 'Start over',
  cancel: 'Cancel',
  close: 'Close',
  keep: 'Keep it',
  request: (id: string) => `Request ${id}`,
  partFailed: {
    detail: 'This part of the page could not be loaded.',
    hint: 'Reload the page: it may be older than the bhor that runs.',
  },
  reload: 'Reload',
  optional: 'optional',
  copy: { copy: 'Copy', copied: 'Copied', selected: 'Selected', done: (what: string) => `${what} copied.` },
}
