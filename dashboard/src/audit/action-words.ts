const words: Readonly<Record<string, string>> = {
  'account.add': 'Account added',
  'account.edit': 'Account changed',
  'account.remove': 'Account removed',
  'login.start': 'Login started',
  'login.callback': 'Broker sent the browser back',
  'login.question': 'Login asked a question',
  'login.exchange': 'One-time code exchanged',
  'login.cancel': 'Login cancelled',
  'session.start': 'Session started',
  'session.handout': 'Session handed out',
  'session.probe': 'Session checked',
  'session.renew_start': 'Renewal begun',
  'session.renew': 'Session renewed',
  'session.expire': 'Session expired',
  'session.revoke': 'Session ended by the broker',
  'session.logout': 'Logged out',
  'key.add': 'Key made',
  'key.revoke': 'Key revoked',
  'key.refused': 'Key refused',
  'desk.sign_in': 'Signed in here',
  'desk.sign_out': 'Signed out here',
  'server.start': 'bhor started',
  'server.stop': 'bhor stopped',
  'vault.create': 'Vault made',
  'config.change': 'Configuration changed',
}

/** An audit action in words; an unknown one as it is. */
export function actionWords(action: string): string {
  return (Object.hasOwn(words, action) ? words[action] : undefined) ?? action
}

/** `generation 3, tokenKind access` */
export function detailText(detail: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
