import type { App } from '../app/open.ts'
import { type ErrorRow, errorTable } from '../core/error-table.ts'
import { toBhorError } from '../core/errors.ts'
import { istMoment } from '../core/ist.ts'
import { promptPath } from '../session/morning/prompts.ts'
import { isPrefetch } from './callback.ts'
import { porchPage } from './porch-page.ts'
import type { Reply } from './reply.ts'
import type { HttpRequest } from './request.ts'
import type { Params, Row } from './table.ts'

/**
 * Where the link of a reminder leads. Opening it does nothing but ask: what scans mails opens links, too. The button makes
 * the login.
 */
export function promptRows({ desk: { prompts } }: App): Row[] {
  const path = `${promptPath}{token}`
  return [
    {
      method: 'GET',
      path,
      hasHead: true,
      answer: (_request, params) => explained(() => asked(params)),
    },
    {
      method: 'POST',
      path,
      answer: (request, params) => explained(() => pressed(request, params)),
    },
  ]

  async function asked({ token = '' }: Params): Promise<Reply> {
    const { account, label, brokerName, kind, expiresAt } = await prompts.view(token)
    const name = label === '' ? account : `${label} (${account})`
    const sandbox = kind === 'live' ? '' : ' It is a sandbox account: no real money is near it.'
    return porchPage(200, {
      title: `Log in ${label || account}`,
      text: `The account ${name} at ${brokerName} needs its login of the day.${sandbox}`,
      hint: `This link works once, until ${istMoment(Date.parse(expiresAt))}.`,
      button: `Log in at ${brokerName}`,
      isDone: false,
      staysHere: true,
    })
  }

  async function pressed(request: HttpRequest, { token = '' }: Params): Promise<Reply> {
    if (isPrefetch(request)) return asked({ token })
    const { brokerName } = await prompts.view(token)
    const { account, url } = await prompts.use(token)
    if (url === null)
      return porchPage(200, {
        title: 'The login has begun',
        text: `${brokerName} asks for something that is answered at the desk.`,
        hint: `At this computer: bhor login ${account}, or the page.`,
        isDone: false,
      })
    return porchPage(200, {
      title: `On to ${brokerName}`,
      text: `You log in at ${brokerName}, and nowhere else.`,
      goesTo: { url, label: `Go on to ${brokerName}` },
      isDone: false,
      staysHere: true,
    })
  }
}

async function explained(answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer()
  } catch (cause) {
    const error = toBhorError(cause)
    const { page: text = error.message }: ErrorRow = errorTable[error.code]
    return porchPage(error.httpStatus, {
      title: 'No login was started',
      text,
      hint: error.hint,
      isDone: false,
    })
  }
}
