import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../app/version.ts'
import { clientEnvironment } from '../config/home.ts'
import type { AccountView, Learnt } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { makeFolders } from '../stores/sqlite/file-checks.ts'
import { confirm } from './ask.ts'
import { call } from './call.ts'
import { terminal } from './terminal.ts'
import type { ApiClient } from './wire.ts'

export interface LearnOptions {
  /** The account's name; true where the only one with a live session is meant. */
  readonly learn: string | true
  readonly yes?: boolean
}

/**
 * Asks a broker what nobody documents of it: tells every call, asks the person first, and writes down what may be sent
 * on. Nothing of it is a value of the account.
 *
 * @throws BhorError `cancelled`, `session_…`, `usage` where it is open which account is meant
 */
export async function learn(desk: ApiClient, { learn: named, yes }: LearnOptions): Promise<void> {
  const { account, brokerName, kind } = await chosen(desk, named)
  const params = { account }
  const questions = await call(desk, 'GET /v1/accounts/{account}/questions', { params })
  if (questions.length === 0) return terminal.say(`Nothing is open about ${brokerName}.`)
  terminal.say(`Open about ${brokerName}, and by which read ${account} (${kind}) can tell:`)
  for (const { question, asks, call: sent, token } of questions)
    terminal.say(`  ${question}: ${asks}\n    ${sent}${tokenText(token)}`)
  terminal.say('Kept are the status, the code and the shape of each answer: names of fields and their types.')
  if (!yes && !(await confirm(`Ask these ${questions.length} questions, one call each?`)))
    throw new BhorError('cancelled', 'Nothing was asked.')
  const answers: Learnt[] = []
  for (const { question, call: sent, token } of questions) {
    terminal.say(`${sent}${tokenText(token)}`)
    const learnt = await call(desk, 'POST /v1/accounts/{account}/questions/{question}', {
      params: { account, question },
    })
    terminal.say(terminal.dim(`  ${saidText(learnt)}`))
    answers.push(learnt)
  }
  const document = { bhor: version, broker: answers[0]!.broker, kind, answers }
  const path = written(document.broker, answers[0]!.askedAt, document)
  terminal.json(document)
  terminal.say(`This is in ${path}, too. Look it over: it names no person, no amount and no token.`)
  if (kind === 'sandbox') terminal.say('It is bhor’s own simulator that has answered: nobody needs to know.')
  else
    terminal.say(
      'Send that file to the maintainers, as an issue of the project: they correct the facts by it.',
    )
}

async function chosen(desk: ApiClient, named: string | true): Promise<AccountView> {
  if (named !== true) return call(desk, 'GET /v1/accounts/{account}', { params: { account: named } })
  const all = await call(desk, 'GET /v1/accounts')
  const live = all.filter(({ status, kind }) => kind !== 'sandbox' && /^(?:active|expiring)$/.test(status))
  const [only] = live
  if (only && live.length === 1) return only
  throw new BhorError(
    'usage',
    only ? 'Several accounts could be asked with.' : 'No account has a live session.',
    {
      hint: only
        ? `Name one: bhor doctor --learn ${only.account}`
        : 'Log in first, or name a sandbox account to see how it goes.',
    },
  )
}

function tokenText(token: string): string {
  if (token === 'access') return ''
  return token === 'none' ? ' (with a token that is none)' : ` (with the ${token} token)`
}

function saidText({ status, code, meaning, shape, failure }: Learnt): string {
  if (failure !== null) return `no answer: ${failure}`
  return `${status}${code === null ? '' : ` ${code}`}: ${meaning}, ${shape.length} fields`
}

/** Beside the data of whoever asks, for nobody else to read. @returns where */
function written(broker: string, askedAt: string, document: object): string {
  const folder = join(clientEnvironment().home, 'learnt')
  makeFolders(folder)
  const path = join(folder, `${broker}-${askedAt.slice(0, 16).replaceAll(':', '-')}.json`)
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 })
  return path
}
