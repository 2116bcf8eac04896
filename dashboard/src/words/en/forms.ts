/** What stands in every form. */
export const forms = {
  restored: 'What you had typed is here again.',
  withoutSecrets: 'Secrets are not kept: type them once more.',
  startOver: 'Start over',
  cancel: 'Cancel',
}
