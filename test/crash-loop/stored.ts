import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What must hold of the rows themselves, read past all code of bhor's. Each row that a query finds is a violation. */
const neverSo: Readonly<Record<string, string>> = {
  'I2 a generation is missing or there twice': `select account_id from sessions group by account_id
    having count(*) <> max(generation) or min(generation) <> 1 or count(distinct generation) <> count(*)`,
  'I2 an account is at another generation than its newest session': `select id from accounts where generation <>
    coalesce((select max(generation) from sessions where account_id = accounts.id), 0)`,
  'I2 a session that is not the newest is still active': `select s.id from sessions s join accounts a
    on a.id = s.account_id where s.status = 'active' and s.generation <> a.generation`,
  'I6 the audit has a gap': `select 1 from (select count(*) as n, max(seq) as last, min(seq) as first from audit)
    where n > 0 and (last <> n or first <> 1)`,
  'I6 the feed tells of what is not recorded':
    'select seq from feed where seq not in (select seq from audit)',
  'I6 a login is done without its session': `select l.id from logins l where l.status = 'done' and not exists
    (select 1 from sessions s where s.account_id = l.account_id and s.generation = l.generation)`,
}
/** The same once a new process has had a minute. */
const neverLeft: Readonly<Record<string, string>> = {
  'I10 an intent stays open': `select id from intents where state = 'open'`,
  'I10 a login stays between open and done': `select id from logins where status = 'used'`,
  'I10 work stays with somebody': `select kind from work where owner <> ''`,
}

/** @param isSettled a process has looked after what the one before has left */
export function brokenRows(home: string, isSettled: boolean): string[] {
  using database = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  return Object.entries(isSettled ? { ...neverSo, ...neverLeft } : neverSo)
    .filter(([, sql]) => database.prepare(sql).all().length > 0)
    .map(([what]) => what)
}

/** Whether everything is stored that was told of. */
export function holdsEvents(home: string, published: readonly number[]): boolean {
  using database = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const stored = new Set(
    database
      .prepare('select seq from feed')
      .all()
      .map(({ seq }) => seq),
  )
  return published.every((seq) => stored.has(seq))
}

/** Whether the file holds one of these texts. */
export function isOnDisk(home: string, secrets: readonly string[]): boolean {
  const file = readFileSync(join(home, 'bhor.db'))
  return secrets.some((secret) => file.includes(secret))
}
