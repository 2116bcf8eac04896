/** Everything that is recorded. Closed: a new action is added here and to `docs/audit.md`. */
export const auditActions = [
    'account.add',
    'account.edit',
    'account.remove',
    'login.start',
    'login.callback',
    'login.exchange',
    'login.cancel',
    'session.start',
    'session.handout',
    'session.probe',
    'session.renew',
    'session.expire',
    'session.revoke',
    'session.logout',
    'key.add',
    'key.revoke',
    'key.refused',
    'desk.sign_in',
    'desk.sign_out',
    'server.start',
    'server.stop',
    'vault.create',
    'config.change',
];
/** The fields of an entry that have no column of their own, as the JSON text that a store keeps and reads again. */
export function auditFields(entry) {
    const { actor, action, account, result, code, detail } = entry;
    return JSON.stringify({ actor, action, account, result, code, detail });
}
/** What a head's MAC covers. The vault writes that of the empty chain when it is made, `audit/` every later one. */
export function auditHeadText(seq, mac) {
    return JSON.stringify(['bhor-audit-head', seq, mac]);
}
